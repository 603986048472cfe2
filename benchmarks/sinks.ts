/**
 * How fast do sinks write? Rows/s of the table sinks with 50 columns, and MB/s of the encoders over real rows of
 * the shape of Open-SWE-Traces: `node benchmarks/sinks.ts FOLDER`, where FOLDER holds Parquet files of them.
 */
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import type { Cell, ColumnSpec, ColumnType } from '../pipeline/batch/columns.ts'
import { ByteWriter } from '../pipeline/graph/byte-writer.ts'
import { writeAnalysisTable } from '../sinks/analysis-table.ts'
import { COMPRESSION } from '../sinks/compression.ts'
import { writeCsv } from '../sinks/csv.ts'
import { writeFlatTable } from '../sinks/flat-table.ts'
import { rowBatch, valueBatch } from '../test/transforms/emit/batches.ts'
import { PROFILES } from '../transforms/emit/profiles.ts'
import type { TraceRow } from '../transforms/trajectory.ts'

const COLUMNS = 50
const ROWS = 20_000
const BUNDLE_ROWS = 500
const ROUNDS = 5

const TYPES: readonly ColumnType[] = ['int32', 'int32', 'double', 'boolean', 'string']

const columns: Record<string, ColumnSpec> = {}
for (let at = 0; at < COLUMNS; at++)
  columns[`column_${at}`] = { type: TYPES[at % TYPES.length]!, unit: '', doc: '' }

function cellOf(type: ColumnType, row: number): Cell {
  if (row % 17 === 0) return null
  if (type === 'string') return `value-${row % 1_000}`
  if (type === 'boolean') return row % 3 === 0
  return type === 'double' ? row / 7 : row * 31
}

function bundle(index: number) {
  const cells = new Map(
    Object.entries(columns).map(([name, { type }]) => [
      name,
      Array.from({ length: BUNDLE_ROWS }, (_, row) => cellOf(type, index * BUNDLE_ROWS + row)),
    ]),
  )
  return {
    index,
    rows: BUNDLE_ROWS,
    column: (name: string) => cells.get(name)!,
    objects: () => [],
    segment: null,
  }
}

async function best(work: () => Promise<void> | void): Promise<number> {
  let seconds = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await work()
    seconds = Math.min(seconds, (performance.now() - start) / 1_000)
  }
  return seconds
}

function report(name: string, rate: number, unit: string): void {
  console.log(`${name.padEnd(44)}${Math.round(rate).toLocaleString('en').padStart(12)} ${unit}`)
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; best of ${ROUNDS}`)

const bundles = Array.from({ length: ROWS / BUNDLE_ROWS }, (_, index) => bundle(index))
const signal = new AbortController().signal
for (const [name, { definition }, options] of [
  ['writeAnalysisTable, zstd', writeAnalysisTable, {}],
  ['writeAnalysisTable, snappy', writeAnalysisTable, { compression: 'snappy' }],
  ['writeCsv', writeCsv, {}],
  ['writeFlatTable, snappy', writeFlatTable, {}],
] as const) {
  const directory = await mkdtemp(path.join(tmpdir(), 'sluice-bench-'))
  const parsed = definition.options.parse({ columns, ...options }) as never
  const seconds = await best(async () => {
    const writer = await definition.open(parsed, { sink: name, directory, signal })
    for (const each of bundles) await writer.write(each)
    await writer.commit()
  })
  await rm(directory, { recursive: true })
  report(`${name}, ${COLUMNS} columns`, ROWS / seconds, 'rows/s')
}

const folder = process.argv[2]
if (folder) {
  const rows: TraceRow[] = []
  for await (const file of glob('**/*.parquet', { cwd: folder })) {
    const { buffer } = Uint8Array.from(await readFile(path.join(folder, file)))
    const read = await parquetReadObjects({ file: buffer })
    rows.push(
      ...(JSON.parse(
        JSON.stringify(read, (_, value) => (typeof value === 'bigint' ? Number(value) : (value ?? null))),
      ) as TraceRow[]),
    )
  }
  const writer = new ByteWriter()
  let lines = new Uint8Array()
  for (const [name, profile] of Object.entries(PROFILES))
    for (const [kind, batch] of [
      ['from bytes', rowBatch(rows)],
      ['from values', valueBatch(rows)],
    ] as const) {
      const seconds = await best(() => {
        for (let row = 0; row < rows.length; row++) profile.writeLine(batch, row, writer)
        lines = writer.take()
      })
      report(`encode ${name}, ${kind}, ${rows.length} rows`, lines.length / seconds / 1e6, 'MB/s')
    }
  report('copy the same bytes', lines.length / (await best(() => void Uint8Array.from(lines))) / 1e6, 'MB/s')
  for (const name of ['gzip', 'zstd'] as const) {
    const seconds = await best(() => void COMPRESSION[name].compress(lines))
    report(`seal ${name}`, lines.length / seconds / 1e6, 'MB/s')
  }
}
