import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scrub } from '../../../../sources/sample/record/scrub.ts'

test('what differs between recordings is replaced', () => {
  const same: [string, string][] = [
    ['ok  \tpkg\t0.003s', 'ok  \tpkg\t1.204s'],
    ['✔ name (2.79ms)\nduration_ms 174.26', '✔ name (11ms)\nduration_ms 9'],
    ['object at 0x7f2b9d3c1a40', 'object at 0x55e0c81f9010'],
    ["thread 'main' (4711) panicked", "thread 'main' (12) panicked"],
    ['Running target/debug/deps/x-0123456789abcdef', 'Running target/debug/deps/x-fedcba9876543210'],
  ]
  for (const [one, other] of same) assert.equal(scrub(one, []), scrub(other, []))
})

test('folders are shown as the run sees them', () => {
  assert.equal(scrub('/var/x7/repo/a.c:3', [['/var/x7/repo', '/testbed']]), '/testbed/a.c:3')
})

test('what is the same everywhere stays', () => {
  const text = 'delay=1h0m0s 250ms 0xff 3.5 v1.10.0'
  assert.equal(scrub(text, []), text)
})
