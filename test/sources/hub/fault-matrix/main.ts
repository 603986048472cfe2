/**
 * Runs the whole matrix of what a network can do to a run, and prints what became of the runs:
 *
 *     npm run test:hub [-- --part 1] [--only WORDS] [--seed 1]
 *
 * `--part 0.2` runs a fifth of the trials. It ends with 1 when a run did not end as it may.
 */
import { parseArgs } from 'node:util'
import { Rig } from './rig.ts'
import { MATRIX } from './rows.ts'
import { runRow } from './run-row.ts'

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
  },
})
const rig = await Rig.open()
console.log('| fault | tried | equal | refused | reported | wrong | seconds |')
console.log('| --- | --- | --- | --- | --- | --- | --- |')
for (const row of MATRIX.filter(({ name }) => name.includes(values.only))) {
  const trials = Math.max(1, Math.round(row.trials * Number(values.part)))
  const { outcomes, seconds, wrong } = await runRow(rig, row, { trials, seed: 1000 * Number(values.seed) })
  const { equal, refused, reported } = outcomes
  console.log(
    `| ${row.name} | ${trials} | ${equal} | ${refused} | ${reported} | ${wrong.length} | ${seconds.toFixed(0)} |`,
  )
  for (const line of wrong) console.log(`  ${line}`)
  if (wrong.length > 0) process.exitCode = 1
}
await rig.close()
