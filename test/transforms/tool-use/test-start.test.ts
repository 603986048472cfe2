import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neverStarted } from '../../../transforms/tool-use/test-start.ts'

test('a test run whose program is not found or can not be run never started', () => {
  assert.equal(neverStarted(false, 127, ''), true)
  assert.equal(neverStarted(false, 126, 'bash: ./test: Permission denied'), true)
  for (const line of [
    'bash: line 1: pytest: command not found',
    'zsh: command not found: pytest',
    'Command not found: pytest',
    'sh: 1: pytest: not found',
    '/usr/bin/python3: No module named pytest',
    'python: No module named nose',
    "python: can't open file '/testbed/test_a.py': [Errno 2] No such file or directory",
    'bash: ./build/ponyc: No such file or directory',
    'bash: line 1: cd: /a: No such file or directory',
    "make: *** No rule to make target 'test'.  Stop.",
  ])
    for (const code of [1, 2, null]) assert.equal(neverStarted(false, code, `a\n${line}\r\n`), true, line)
})

test('pytest never started where it was called wrongly or found no test, and only pytest says so by 4 and 5', () => {
  for (const code of [4, 5]) {
    assert.equal(neverStarted(true, code, 'x'), true)
    assert.equal(neverStarted(false, code, 'x'), false)
  }
  for (const tail of [
    '=== no tests ran in 0.00s ===\n',
    'ERROR: file or directory not found: a\n\n',
    'ERROR: usage: pytest [options]\npytest: error: unrecognized arguments: --a\n  rootdir: /a\n',
  ]) {
    assert.equal(neverStarted(true, null, tail), true, tail)
    assert.equal(neverStarted(false, null, tail), false, tail)
  }
})

test('a test run that fails did start', () => {
  for (const tail of [
    '',
    "E   ModuleNotFoundError: No module named 'yaml'\n=== 1 failed in 0.1s ===",
    "ModuleNotFoundError: No module named 'yaml'",
    'bash: foo: command not found\n=== 1 failed in 0.1s ===',
    "FileNotFoundError: [Errno 2] No such file or directory: 'a'",
    'make: *** [Makefile:3: test] Error 1',
    `${'x'.repeat(1_000_000)}: command not found`,
  ])
    for (const code of [1, 2, null]) assert.equal(neverStarted(true, code, tail), false, tail.slice(0, 80))
})
