import assert from 'node:assert/strict'
import { test } from 'node:test'
import { summaryOutcome } from '../../../transforms/tool-use/test-outcome.ts'

test('summaries of failing runs are failing', () => {
  for (const tail of [
    '=================== 1 failed, 3 passed in 0.12s ===================',
    '\u001b[31m========== \u001b[31m\u001b[1m1 failed\u001b[0m, \u001b[32m3 passed\u001b[0m in 0.1s ====\u001b[0m\n',
    '!!! Interrupted: 2 errors during collection !!!\n==== 2 errors in 0.04s ====',
    'Ran 3 tests in 0.1s\n\nFAILED (failures=1)\n',
    '--- FAIL: TestA (0.00s)\nFAIL\tpkg/a\t0.1s\nok  \tpkg/b\t0.1s',
    'test result: FAILED. 3 passed; 1 failed; 0 ignored',
    'Tests:       1 failed, 2 passed, 3 total',
    ' Tests  1 failed | 2 passed (3)',
    '  2 passing (10ms)\n  1 failing\n',
    '67% tests passed, 1 tests failed out of 3',
    'Tests run: 3, Failures: 1, Errors: 0, Skipped: 0\n[INFO] BUILD FAILURE',
    '> Task :test FAILED\nBUILD FAILED in 2s',
    'FAILURES!\nTests: 3, Assertions: 3, Failures: 1.',
    '3 examples, 1 failure',
    'ok 1 - a\nnot ok 2 - b',
    'TAP version 13\n1..2\n# tests 2\n# pass 1\n# fail  1\n# skipped 0',
    'ℹ tests 2\nℹ pass 1\nℹ fail 1\nℹ duration_ms 5',
    'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1',
  ])
    assert.equal(summaryOutcome(tail), 'failing', tail)
})

test('summaries of passing runs are passing', () => {
  for (const tail of [
    '3 passed in 0.12s',
    '=========== 78 passed, 1 xfailed, 2 warnings in 5.60s ===========\n',
    'Ran 3 tests in 0.1s\n\nOK\n',
    'OK (skipped=1)',
    'ok  \tpkg/a\t0.1s',
    'PASS',
    'test result: ok. 3 passed; 0 failed; 0 ignored',
    'Tests:       3 passed, 3 total',
    '  3 passing (10ms)',
    '100% tests passed, 0 tests failed out of 3',
    'Tests run: 3, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS',
    'BUILD SUCCESSFUL in 2s',
    'OK (3 tests, 3 assertions)',
    '3 examples, 0 failures',
    '# tests 2\n# pass  2\n# fail  0\n',
    'ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ duration_ms 5',
  ])
    assert.equal(summaryOutcome(tail), 'passing', tail)
})

test('output without a summary tells nothing', () => {
  for (const tail of [
    '',
    'no tests ran in 0.00s',
    'All good',
    'Result: 3',
    'FAILOVER ready\nOKAY',
    'passed the gate',
    'ℹ tests 0\nℹ pass 0',
    '# fail fast',
  ])
    assert.equal(summaryOutcome(tail), null, tail)
})
