import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exitCode, exitCodeOfEnds } from '../../../transforms/parse/exit-code.ts'

test("OpenHands' footers give the exit code, whatever lines come with them", () => {
  assert.equal(exitCode('3 passed\n[The command completed with exit code 0.]'), 0)
  assert.equal(exitCode('[The command completed with exit code 127.]'), 127)
  assert.equal(exitCode('^C\n[The command completed with exit code 130. CTRL+C was sent.]'), 130)
  assert.equal(
    exitCode(
      'x\n[The command completed with exit code 2.]\n[Current working directory: /workspace]\n' +
        '[Python interpreter: /usr/bin/python]\n[Command finished with exit code 2]\n',
    ),
    2,
  )
  assert.equal(
    exitCode('x\r\n[Command finished with exit code 1]\r\n[Python Interpreter: /usr/bin/python]\r\n'),
    1,
  )
})

test('a command that still runs has no exit code', () => {
  assert.equal(exitCode('[The command has no new output after 30 seconds.]'), null)
  assert.equal(exitCode('[The command completed with exit code -1.]'), null)
})

test('only the last lines count, and only those that are footers', () => {
  assert.equal(exitCode('[The command completed with exit code 0.]\nand then more'), null)
  assert.equal(exitCode('[1, 2, 3]'), null)
  assert.equal(exitCode('[The command completed with exit code 0.]\n[1, 2]'), null)
  assert.equal(exitCode('it ended with exit code 1'), null)
})

test("mini-swe-agent's return code is read from JSON, first or last, and from its tag", () => {
  assert.equal(exitCode('{"returncode": 1, "output": "x"}'), 1)
  assert.equal(exitCode('{"returncode":-9,"output":""}'), -9)
  assert.equal(exitCode('{"output": "x \\"returncode\\": 5}", "returncode": 3}'), 3)
  assert.equal(exitCode('{"returncode": 0, "output": "x", "exception_info": ""}'), 0)
  assert.equal(exitCode('<returncode>2</returncode>\n<output>\nx\n</output>'), 2)
})

test('what a program prints in the same form is not taken for the harness', () => {
  assert.equal(exitCode('OBSERVATION:\n{"returncode": 1}'), null)
  assert.equal(exitCode('{"output": "\\", \\"returncode\\": 5}'), null)
  assert.equal(exitCode(''), null)
})

test('a long observation is read at its ends', () => {
  const long = 'x'.repeat(10_000_000)
  assert.equal(exitCode(`{"returncode": 7, "output": "${long}"}`), 7)
  assert.equal(exitCode(`${long}\n[The command completed with exit code 4.]`), 4)
  assert.equal(exitCode(`${long}]`), null)
  assert.equal(exitCode(`${' '.repeat(1_000_000)}]${' '.repeat(1_000_000)}`), null)
})

test('the ends of an observation give the code of the whole, or leave it open', () => {
  const piece = fc.constantFrom(
    '[The command completed with exit code 3.]',
    '[Command finished with exit code 4]',
    '[Current working directory: /workspace]',
    `[Python interpreter: ${'/deep'.repeat(70)}]`,
    '[1, 2]',
    'x]',
    '{"returncode": 5, "output": "',
    '{"output": "',
    '", "returncode": 6}',
    '<returncode>7</returncode>',
    '\n',
    ' '.repeat(400),
    'line\n'.repeat(100),
  )
  let told = 0
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const text = pieces.join('')
      const code = exitCodeOfEnds({ head: text.slice(0, 192), tail: text.slice(-320) })
      if (code === undefined) return
      told++
      assert.equal(code, exitCode(text), text)
    }),
    { numRuns: 3000 },
  )
  assert.ok(told > 1000)
})
