/**
 * Runs the whole matrix of what a network can do to a run, and prints what became of the runs:
 *
 *     npm run test:hub [-- --part 1] [--only WORDS] [--seed 1] [--no-beside]
 *
 * `--part 0.2` runs a fifth of the trials. It ends with 1 when a run did not end as it may. Python's `datasets` follows
 * under the same faults, where SLUICE_PYTHON has it.
 */
import { parseArgs } from 'node:util'
import { pythonWith } from '../../../support/python.ts'
import { datasetsBeside } from './datasets-beside.ts'
import { Rig } from './rig.ts'
import { MATRIX } from './rows.ts'
import { runRow } from './run-row.ts'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    part: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    beside: { type: 'boolean', default: true },
  },
})
// Before the rig's settings are in the environment: Python takes no fraction of a second.
const python = values.beside ? pythonWith('datasets') : null
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
if (python !== null) {
  if (python.skip !== false) console.log(`\n${python.skip}`)
  else {
    console.log('\n| datasets: fault | tried | equal | refused | other rows |')
    console.log('| --- | --- | --- | --- | --- |')
    for await (const line of datasetsBeside(rig, python)) console.log(line)
  }
}
await rig.close()
