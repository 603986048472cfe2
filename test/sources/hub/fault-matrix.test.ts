import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Rig } from './fault-matrix/rig.ts'
import { MATRIX } from './fault-matrix/rows.ts'
import { runRow } from './fault-matrix/run-row.ts'

/** Of the trials that `npm run test:hub` runs. */
const PART = 1 / 5

let rig: Rig
before(async () => {
  rig = await Rig.open()
})
after(() => rig.close())

for (const row of MATRIX) {
  const trials = Math.round(row.trials * PART)
  test(`a run over the Hub ends as it may, ${trials} times: ${row.name}`, async () => {
    const { tried, wrong } = await runRow(rig, row, { trials, seed: 1 })
    assert.deepEqual(wrong, [])
    assert.equal(tried, trials)
  })
}
