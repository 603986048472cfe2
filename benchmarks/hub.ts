/**
 * How fast do traces come from a Hub, and when does the first one? Readers run in processes of their own, in turn,
 * against one server on this machine that speaks the Hub's protocol, as far away as it is told:
 *
 *     node benchmarks/hub.ts [--latency 30] [--rate 100e6] [--rounds 3] FOLDER
 *
 * The folder holds Parquet files, as `npm run bench:traces` makes them. `bytes` streams the files and does nothing with
 * them, `leaves` is what byte steps get, `rows` makes a plain object of every row; read_hub.py says what the readers in
 * Python do. `first` and `first 1,000` read so many rows and end. `labels` reads success labels and languages alone, `1 in
 * 50` all of the rows that a filter on such columns keeps, drawn at random. `--latency` is in milliseconds and comes before each
 * answer; `--rate` is what the link carries, in bytes a second.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { type Batch, RowBatch } from '../pipeline/batch/batch.ts'
import { Memory } from '../pipeline/batch/memory.ts'
import { project } from '../pipeline/batch/schema.ts'
import { judgedBatches } from '../pipeline/worker/judged-batches.ts'
import { Hub } from '../sources/hub/hub.ts'
import { readMetadata } from '../sources/parquet/file-metadata.ts'
import { planBundles } from '../sources/parquet/plan-bundles.ts'
import { RowReader } from '../sources/parquet/row-reader.ts'
import { FakeHub } from '../test/support/fake-hub/fake-hub.ts'
import { traceSchema } from '../transforms/trace-schema.ts'

interface Measured {
  readonly rows: number
  readonly seconds: number
  readonly firstRowMs: number
  readonly peakMb: number
}

const DATASET = 'bench/traces'
const READERS = ['bytes', 'labels', '1 in 50', 'first', 'first 1,000', 'leaves', 'rows']
/** read_hub.py */
const PEERS = ['datasets', 'pyarrow-tuned']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    latency: { type: 'string', default: '30' },
    rate: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    reader: { type: 'string' },
  },
})

/** The columns that filters can judge by before the rest is read. */
const EARLY = ['trajectory_id', 'language', 'resolved']

/** Refuses all but one row in fifty, drawn by a hash of its position. */
async function keepFew(batch: Batch): Promise<void> {
  const { firstRow } = batch.origin
  for (let row = 0; row < batch.length; row++)
    if (Math.imul(firstRow + row + 1, 0x9e3779b1) >>> 0 >= 2 ** 32 / 50)
      batch.outcomes.mark(row, {
        verdict: 'dropped',
        step: 'few',
        reason: 'few',
        value: null,
        threshold: null,
      })
}

async function read(reader: string): Promise<Measured> {
  const { signal } = new AbortController()
  const started = performance.now()
  const most = reader === 'first' ? 1 : reader === 'first 1,000' ? 1000 : Number.POSITIVE_INFINITY
  const memory = new Memory()
  const hub = new Hub()
  let rows = 0
  let firstRowMs = 0
  const onRows = (count: number): void => {
    firstRowMs ||= performance.now() - started
    rows += count
  }
  for (const file of await hub.list(`hf://datasets/${DATASET}`, signal)) {
    const place = await hub.locate(file, null, signal)
    if (reader === 'bytes') {
      for await (const _ of hub.reads.stream(place, 0, signal)) onRows(0)
      continue
    }
    const source = hub.reads.open(place, signal)
    const metadata = await readMetadata(source, file.uri)
    const schema = reader === 'labels' ? project(traceSchema, ['resolved', 'language']) : traceSchema
    const layout = { schema, added: [] }
    const early = reader === '1 in 50' ? EARLY : []
    const rowReader = new RowReader({ source, metadata, revision: null, memory, schema, early })
    const until = Math.min(metadata.rows, most - rows)
    for (const bundle of planBundles(metadata)) {
      if (rows >= most) break
      const contents = rowReader.read(bundle.firstRow, Math.min(bundle.rows, most - rows), signal, until)
      const next = async (): Promise<IteratorResult<Batch>> => {
        const { value, done } = await contents.next()
        return done ? { value, done } : { value: new RowBatch(memory, layout, value), done: false }
      }
      for await (const each of judgedBatches(next, early.length > 0 ? keepFew : async () => {})) {
        const batch = each as RowBatch<{ toObject(): unknown }>
        await batch.load()
        if (reader === 'rows') for (let row = 0; row < batch.length; row++) batch.row(row).toObject()
        onRows(batch.length)
      }
    }
    rowReader.close()
    await source.close()
    if (rows >= most) break
  }
  await hub.close()
  const seconds = (performance.now() - started) / 1000
  return { rows, seconds, firstRowMs, peakMb: process.resourceUsage().maxRSS / 1000 }
}

async function inProcess(name: string, files: readonly string[], endpoint: string): Promise<Measured> {
  const isPeer = PEERS.includes(name)
  const { PEERS_PYTHON } = await import('./peers/python.ts')
  const [command, args] = isPeer
    ? [PEERS_PYTHON, [path.join(import.meta.dirname, 'peers/read_hub.py'), name, DATASET, ...files]]
    : [process.execPath, [import.meta.filename, '--reader', name]]
  const env = {
    ...process.env,
    HF_ENDPOINT: endpoint,
    HF_HUB_DISABLE_XET: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
  }
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [said, complained, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  if (status !== 0) throw new Error(`${name} failed: ${complained.slice(-2000)}`)
  return JSON.parse(said) as Measured
}

async function compare(folder: string): Promise<void> {
  const latency = Number(values.latency)
  const rate = values.rate === undefined ? null : Number(values.rate)
  const hub = await FakeHub.start({ datasets: { [DATASET]: { main: folder } }, latency, rate })
  const files = hub.files(DATASET)
  const size = files.reduce((sum, file) => sum + file.size, 0)
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.versions.node}`)
  console.log(`${files.length} files, ${(size / 1e6).toFixed(0)} MB, ${latency} ms before each answer`)
  if (rate !== null) console.log(`the link carries ${(rate / 1e6).toFixed(0)} MB a second`)
  console.log('\n| | rows | seconds | MB/s | first row ms | requests | MB | peak MB |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const name of [...READERS, ...PEERS]) {
    const runs: (Measured & { requests: number; bytes: number })[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      hub.seen.length = 0
      const measured = await inProcess(
        name,
        files.map((file) => file.path),
        hub.endpoint,
      )
      const bytes = hub.seen.reduce((sum, { sent }) => sum + sent, 0)
      runs.push({ ...measured, requests: hub.seen.length, bytes })
    }
    const middle = (of: (run: (typeof runs)[number]) => number) => {
      const sorted = runs.map(of).toSorted((one, other) => one - other)
      return sorted[sorted.length >> 1]!
    }
    const cells = [
      middle(({ rows }) => rows).toFixed(0),
      middle(({ seconds }) => seconds).toFixed(2),
      middle(({ seconds, bytes }) => bytes / 1e6 / seconds).toFixed(0),
      middle(({ firstRowMs }) => firstRowMs).toFixed(0),
      middle(({ requests }) => requests).toFixed(0),
      middle(({ bytes }) => bytes / 1e6).toFixed(1),
      middle(({ peakMb }) => peakMb).toFixed(0),
    ]
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
  await hub.close()
}

if (values.reader === undefined) await compare(positionals[0]!)
else console.log(JSON.stringify(await read(values.reader)))
