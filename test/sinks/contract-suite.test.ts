import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FAULTS } from './faulty/faulty-sinks.ts'

/** Runs the contract suite over a sink with every fault; answers the names of the tests that fail, by fault. */
function failuresByFault(): Map<string, string[]> {
  const file = fileURLToPath(new URL('faulty/run-contract.ts', import.meta.url))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = spawnSync(process.execPath, ['--test-reporter=tap', file], { env, encoding: 'utf8' })
  const failures = new Map<string, string[]>()
  let failed: string[] = []
  for (const line of stdout.split('\n')) {
    const [, fault] = /^# Subtest: (.*) keeps the contract of sinks$/.exec(line) ?? []
    if (fault !== undefined) {
      failed = []
      failures.set(fault, failed)
    }
    const [, name] = /^ {4}not ok \d+ - (.*)$/.exec(line) ?? []
    if (name !== undefined) failed.push(name)
  }
  return failures
}

const failures = failuresByFault()

for (const [fault, expected] of Object.entries(FAULTS))
  test(`the contract suite judges a sink that ${fault}`, () => {
    const found = failures.get(fault)!
    for (const name of expected)
      assert.ok(found.includes(name), `'${name}' passed; failed: ${found.join('; ')}`)
    if (expected.length === 0) assert.deepEqual(found, [])
  })
