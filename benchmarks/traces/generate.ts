import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readCorpus } from './corpus.ts'
import { makeTrajectory } from './trajectory.ts'

/**
 * Makes trajectories of the true shape and physical form (2,500 rows in one row group, data page V1, 1 MiB pages, no
 * page index), the same for the same options:
 *
 *     node benchmarks/traces/generate.ts --out FOLDER [--files 4] [--rows 2500] [--kilobytes 94.5]
 *          [--codec snappy|zstd|gzip|none] [--form plain|indexed] [--seed 1]
 *
 * `indexed` is the form of `datasets.push_to_hub`: page index and small pages. A file that is there already stays.
 * SLUICE_PYTHON names the Python that has pyarrow (test/requirements.txt), which writes the files.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    files: { type: 'string', default: '4' },
    rows: { type: 'string', default: '2500' },
    kilobytes: { type: 'string', default: '94.5' },
    codec: { type: 'string', default: 'snappy' },
    form: { type: 'string', default: 'plain' },
    seed: { type: 'string', default: '1' },
  },
})
if (values.out === undefined) throw new Error('--out names the folder for the files')
const rows = Number(values.rows)
const python = process.env.SLUICE_PYTHON ?? 'python3'
const script = path.join(import.meta.dirname, '../../sources/sample/record/write_parquet.py')
const corpus = readCorpus()

for (let file = 0; file < Number(values.files); file++) {
  const target = path.join(
    values.out,
    `data/openhands/minimax_m25/swe-rebench-v2/train-${String(file).padStart(5, '0')}.parquet`,
  )
  if (existsSync(target)) continue
  mkdirSync(path.dirname(target), { recursive: true })
  const unfinished = `${target}.unfinished`
  const layout = ['current', unfinished, '--page-bytes', String(1 << 20), '--codec', values.codec]
  if (values.form === 'indexed') layout.push('--page-index')
  const writer = spawn(python, [script, ...layout], { stdio: ['pipe', 'inherit', 'inherit'] })
  for (let row = file * rows; row < (file + 1) * rows; row++) {
    const options = { corpus, seed: Number(values.seed), row, kilobytes: Number(values.kilobytes) }
    if (!writer.stdin.write(`${JSON.stringify(makeTrajectory(options))}\n`)) await once(writer.stdin, 'drain')
  }
  writer.stdin.end()
  const [status] = await once(writer, 'exit')
  if (status !== 0) throw new Error(`${python} could not write ${target}: does it have pyarrow?`)
  renameSync(unfinished, target)
  console.log(`${target}: ${rows} rows, ${(statSync(target).size / 1e6).toFixed(0)} MB`)
}
