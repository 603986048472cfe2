import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action } from '../../../transforms/tool-use/action.ts'
import { isErrorObservation } from '../../../transforms/tool-use/error-observation.ts'

const TRACEBACK =
  'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    a()\nKeyError: 1\n'

const isError = (text: string, exitCode: number | null, action: Action): boolean =>
  isErrorObservation({ text, exitCode, includes: (words) => text.includes(words) }, action)

test('an exit code other than 0 is an error, but for a search that finds nothing', () => {
  assert.equal(isError('x\n[The command completed with exit code 2.]', 2, 'other'), true)
  assert.equal(isError('{"returncode": 1, "output": ""}', 1, 'search'), false)
  assert.equal(isError('{"returncode": 1, "output": "find: a: No such file"}', 1, 'search'), true)
  assert.equal(isError('{"returncode": 2, "output": ""}', 2, 'search'), true)
  assert.equal(isError('', 1, 'other'), true)
})

test('a traceback at the start or the end is an error whatever the code, unless the call only looks', () => {
  for (const text of [
    TRACEBACK,
    `before\n${TRACEBACK}`,
    JSON.stringify({ returncode: 0, output: `a\n${TRACEBACK}` }),
  ]) {
    assert.equal(isError(text, 0, 'other'), true)
    assert.equal(isError(text, 0, 'read'), false)
  }
  assert.equal(isError(`${'x\n'.repeat(500)}${TRACEBACK}${'more\n'.repeat(500)}`, 0, 'other'), false)
  assert.equal(isError('fine', 0, 'other'), false)
})

test('without an exit code the refusals of tools and the messages of shells are errors', () => {
  for (const text of [
    'ERROR:\nNo replacement was performed, old_str did not appear verbatim',
    'OBSERVATION:\nThe path /a does not exist. Please provide a valid path.',
    'bash: ponyc: command not found',
    "ls: cannot access 'src/lib': No such file or directory",
    'OBSERVATION:\nbuilding\nmake: *** [Makefile:192: build] Error 2\n(Open file: )\n(Current directory: /a)\nbash-$',
    'OBSERVATION:\n  File "/tool", line 26\n    x\n    ^\nSyntaxError: invalid syntax\n',
  ])
    assert.equal(isError(text, null, 'read'), true, text)
  for (const text of [
    '',
    'OBSERVATION:\nfine',
    'def f():\n    raise ValueError("command not found")\n\nx = 1',
  ])
    assert.equal(isError(text, null, 'read'), false, text)
})

test('a long observation is judged', () => {
  assert.equal(isError('x'.repeat(10_000_000), null, 'other'), false)
  assert.equal(isError(`${'x\n'.repeat(5_000_000)}${TRACEBACK}`, null, 'other'), true)
})
