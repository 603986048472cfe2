import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { observedEnds, observedOutput } from '../../../transforms/parse/observation.ts'

test('the wrapping of each harness is taken off, and nothing else', () => {
  assert.equal(observedOutput('OBSERVATION:\n a \n'), ' a \n')
  assert.equal(
    observedOutput('OBSERVATION:\na\n\n(Open file: /a.py)\n(Current directory: /b)\nbash-$'),
    'a\n',
  )
  assert.equal(observedOutput('<returncode>0</returncode>\n<output>\na\n</output>'), 'a\n')
  assert.equal(observedOutput('a\n\n[The command completed with exit code 0.]'), 'a\n')
  assert.equal(observedOutput('a [x]\n'), 'a [x]\n')
  assert.equal(observedOutput(''), '')
})

test('the output inside JSON is what JSON.parse finds there', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: -1, max: 255 }),
      (output, returncode) => {
        assert.equal(observedOutput(JSON.stringify({ returncode, output })), output)
        assert.equal(observedOutput(JSON.stringify({ output, returncode })), output)
        assert.equal(
          observedOutput(`{"returncode": ${returncode}, "output": ${JSON.stringify(output)}}`),
          output,
        )
        const later = `{"returncode": ${returncode}, "output": ${JSON.stringify(output)}, "exception_info": "boom"}`
        assert.equal(observedOutput(later), output)
      },
    ),
  )
})

test('the ends of an output are its ends, unescaped', () => {
  const text = '{"returncode": 0, "output": "one\\ntwo\\nthree\\n"}'
  assert.deepEqual(observedEnds(text, { head: 5, tail: 7 }), { head: 'one\n', tail: 'three\n' })
  assert.deepEqual(observedEnds(text, { head: 100, tail: 0 }), { head: 'one\ntwo\nthree\n', tail: '' })
  assert.deepEqual(observedEnds('OBSERVATION:\nabc', { head: 2, tail: 2 }), { head: 'ab', tail: 'bc' })
})

test('a JSON observation cut off in mid-string is read as far as it goes', () => {
  assert.equal(observedOutput('{"returncode": 0, "output": "'), '')
  assert.equal(observedOutput('{"returncode": 0, "output": '), '{"returncode": 0, "output": ')
})
