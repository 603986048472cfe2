import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readBug } from '../../../../sources/sample/record/bug.ts'
import { leafFile } from '../../../../sources/sample/record/layout.ts'
import { proveBug, record, recordingsOf } from '../../../../sources/sample/record/recording.ts'
import type { Row } from '../../../../sources/sample/record/row.ts'
import { missingProgram } from '../../../../sources/sample/record/toolbox.ts'
import { sampleDirectory } from '../../../../sources/sample/sample.ts'
import { readRows } from '../read-rows.ts'

const bug = readBug(
  new URL('../../../../sources/sample/record/bugs/javascript-query-string.txtar', import.meta.url),
)
const missing = missingProgram(bug.needs)
const skip = missing ? `this machine has no ${missing}` : false

test('recording a run again gives the same row, byte for byte', { skip }, async () => {
  const again = recordingsOf(bug).filter(({ attempt }) => attempt.name !== 'uses-the-platform')
  assert.deepEqual(new Set(again.map(({ take }) => take.harness)).size, 3)
  for (const recording of again) {
    const file = new Uint8Array(
      readFileSync(new URL(leafFile(recording.take.harness, 'current'), sampleDirectory)),
    ).buffer
    const row = record(recording)
    const kept = (await readRows<Row>(file)).find(({ trajectory_id }) => trajectory_id === row.trajectory_id)
    assert.deepEqual(kept, row)
  }
})

test('the hidden tests tell the bug from its fix', { skip }, () => {
  assert.doesNotThrow(() => proveBug(bug))
  assert.throws(() => proveBug({ ...bug, fix: [] }), /fail with the fix/)
  assert.throws(() => proveBug({ ...bug, hiddenCommand: 'true' }), /pass without a fix/)
})

test('a script whose outcome surprises its author is refused', { skip }, () => {
  const [first] = recordingsOf(bug)
  assert.throws(
    () => record({ ...first!, attempt: { ...first!.attempt, passes: !first!.attempt.passes } }),
    /not what its author expects/,
  )
})

test('a mark that means nothing is an error', () => {
  const [attempt] = bug.attempts
  const takes = [{ harness: 'openhands', marks: new Set(['no-such-mark']) }]
  assert.throws(() => recordingsOf({ ...bug, attempts: [{ ...attempt!, takes }] }), /no-such-mark/)
})
