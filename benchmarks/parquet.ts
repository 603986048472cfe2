import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { RowBatch } from '../pipeline/batch/batch.ts'
import { Memory } from '../pipeline/batch/memory.ts'
import { readMetadata } from '../sources/parquet/file-metadata.ts'
import { openLocalFile } from '../sources/parquet/local-file.ts'
import { RowReader } from '../sources/parquet/row-reader.ts'
import { traceSchema } from '../transforms/trace-schema.ts'

/**
 * How fast do traces come out of a Parquet file, and when does the first one? Every reader runs in a process of
 * its own, in turn, over the same files:
 *
 *     node benchmarks/parquet.ts [--rounds 3] FILE.parquet…
 *
 * `bytes` reads every byte and does nothing with it: the limit. `leaves` is what byte steps get, `rows` makes a
 * plain object of every row. hyparquet and pyarrow (SLUICE_PYTHON, default python3) also make plain objects.
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

const PYARROW = `
import json, resource, sys, time
start = time.perf_counter()
import pyarrow.parquet as pq
started, rows, first = time.perf_counter(), 0, None
for path in sys.argv[1:]:
    for batch in pq.ParquetFile(path).iter_batches(16):
        rows += len(batch.to_pylist())
        first = first or time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(json.dumps(dict(rows=rows, seconds=time.perf_counter() - started, firstRowMs=first * 1000, peakMb=peak)))
`

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

function inProcess(name: string, files: readonly string[]): Measured | null {
  const python = process.env.SLUICE_PYTHON ?? 'python3'
  const self = new URL(import.meta.url).pathname
  const { status, stdout } =
    name === 'pyarrow'
      ? spawnSync(python, ['-c', PYARROW, ...files], { encoding: 'utf8' })
      : spawnSync(process.execPath, [self, '--reader', name, ...files], { encoding: 'utf8' })
  return status === 0 ? (JSON.parse(stdout) as Measured) : null
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
  const results = new Map<string, Measured[]>()
  for (let round = 0; round < rounds; round++)
    for (const name of [...Object.keys(readers), 'pyarrow']) {
      const measured = inProcess(name, files)
      if (measured) results.set(name, [...(results.get(name) ?? []), measured])
    }
  console.log('reader       rows/s    MB/s  first row ms  peak MB   (medians)')
  for (const [name, runs] of results) {
    const { rows, seconds, firstRowMs, peakMb } = runs.sort((one, other) => one.seconds - other.seconds)[
      runs.length >> 1
    ]!
    const rate = (rows / seconds).toFixed(0).padStart(8)
    const speed = (bytes / 1e6 / seconds).toFixed(0).padStart(8)
    console.log(
      `${name.padEnd(10)} ${rate}${speed}${firstRowMs.toFixed(0).padStart(14)}${peakMb.toFixed(0).padStart(9)}`,
    )
  }
}

const [option, value, ...rest] = process.argv.slice(2)
if (option === '--reader') console.log(JSON.stringify(await measure(readers[value!]!, rest)))
else if (option === '--rounds') await compare(Number(value), rest)
else await compare(3, process.argv.slice(2))
