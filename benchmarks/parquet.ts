import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { RowBatch } from '../pipeline/batch/batch.ts'
import { Memory } from '../pipeline/batch/memory.ts'
import { readMetadata } from '../sources/parquet/file-metadata.ts'
import { openLocalFile } from '../sources/parquet/local-file.ts'
import { RowReader } from '../sources/parquet/row-reader.ts'
import { traceSchema } from '../transforms/trace-schema.ts'
import { PEERS_PYTHON } from './peers/python.ts'

/**
 * How fast do traces come out of a Parquet file, and when does the first one? Every reader runs in a process of
 * its own, in turn, over the same files:
 *
 *     node benchmarks/parquet.ts [--rounds 3] FILE.parquet…
 *
 * `bytes` reads every byte and does nothing with it: the limit. `leaves` is what byte steps get, `rows` makes a
 * plain object of every row; read_rows.py says what the readers in Python do.
 * Rates are of the columns' uncompressed size as the footers have it.
 */

interface Measured {
  readonly rows: number
  readonly seconds: number
  readonly firstRowMs: number
  readonly peakMb: number
}

type Reader = (file: string, onRows: (count: number) => void) => Promise<void>

const layout = { schema: traceSchema, added: [] }

const readBatches =
  (use: (batch: RowBatch<{ toObject(): object }>) => void): Reader =>
  async (file, onRows) => {
    const source = openLocalFile(file)
    const metadata = await readMetadata(source, file)
    const memory = new Memory()
    const options = { source, metadata, revision: null, memory, schema: traceSchema, early: [] }
    const reader = new RowReader(options)
    for await (const content of reader.read(0, metadata.rows, new AbortController().signal)) {
      const batch = new RowBatch<{ toObject(): object }>(memory, layout, content)
      use(batch)
      onRows(batch.length)
      batch.release()
    }
    reader.close()
    await source.close()
  }

const readers: Readonly<Record<string, Reader>> = {
  bytes: async (file, onRows) => {
    const { rows } = await readMetadata(openLocalFile(file), file)
    readFileSync(file)
    onRows(rows)
  },
  leaves: readBatches(() => {}),
  rows: readBatches((batch) => {
    for (let row = 0; row < batch.length; row++) batch.row(row).toObject()
  }),
  hyparquet: async (file, onRows) => {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) })
    onRows(rows.length)
  },
}

/** read_rows.py */
const PEERS = ['pyarrow', 'pyarrow-tuned', 'pyarrow-tuned-arrow', 'datasets']

async function measure(reader: Reader, files: readonly string[]): Promise<Measured> {
  const started = performance.now()
  let rows = 0
  let firstRowMs = 0
  for (const file of files)
    await reader(file, (count) => {
      firstRowMs ||= performance.now() - started
      rows += count
    })
  const seconds = (performance.now() - started) / 1_000
  return { rows, seconds, firstRowMs, peakMb: process.resourceUsage().maxRSS / 1_000 }
}

function inProcess(name: string, files: readonly string[]): Measured {
  const isPeer = PEERS.includes(name)
  const script = isPeer ? path.join(import.meta.dirname, 'peers/read_rows.py') : import.meta.filename
  const { status, stdout, stderr } = spawnSync(
    isPeer ? PEERS_PYTHON : process.execPath,
    isPeer ? [script, name, ...files] : [script, '--reader', name, ...files],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`${name} failed: ${stderr.slice(-2000)}`)
  return JSON.parse(stdout) as Measured
}

async function compare(rounds: number, files: readonly string[]): Promise<void> {
  let bytes = 0
  for (const file of files) {
    const source = openLocalFile(file)
    const { rowGroups } = await readMetadata(source, file)
    bytes += rowGroups.reduce((sum, group) => sum + group.uncompressedBytes, 0)
    await source.close()
  }
  const onDisk = files.reduce((sum, file) => sum + statSync(file).size, 0)
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.versions.node}`)
  console.log(
    `${files.length} files, ${(onDisk / 1e6).toFixed(0)} MB, ${(bytes / 1e6).toFixed(0)} MB uncompressed\n`,
  )
  const names = [...Object.keys(readers), ...PEERS]
  const results = new Map<string, Measured[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const name of names) results.get(name)!.push(inProcess(name, files))
  console.log(
    `medians of ${rounds} rounds; the last columns: how many times as fast, as soon, as small \`leaves\` is\n`,
  )
  console.log('| | rows/s | MB/s | first row ms | peak MB | × rate | × first row | × memory |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  const leaves = results.get('leaves')!
  for (const [name, runs] of results) {
    const middle = (of: (run: Measured) => number) => median(runs.map(of))
    // Ratios within a round: what else the machine does then hits both.
    const ratio = (of: (run: Measured) => number) =>
      median(runs.map((run, round) => of(run) / of(leaves[round]!))).toFixed(2)
    const cells = [
      middle(({ rows, seconds }) => rows / seconds).toFixed(0),
      middle(({ seconds }) => bytes / 1e6 / seconds).toFixed(0),
      middle(({ firstRowMs }) => firstRowMs).toFixed(0),
      middle(({ peakMb }) => peakMb).toFixed(0),
      ratio(({ seconds }) => seconds),
      ratio(({ firstRowMs }) => firstRowMs),
      ratio(({ peakMb }) => peakMb),
    ]
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1]!
}

const [option, value, ...rest] = process.argv.slice(2)
if (option === '--reader') console.log(JSON.stringify(await measure(readers[value!]!, rest)))
else if (option === '--rounds') await compare(Number(value), rest)
else await compare(3, process.argv.slice(2))
