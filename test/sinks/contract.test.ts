import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { testSink } from '../../pipeline/testing.ts'
import { writeAnalysisTable } from '../../sinks/analysis-table.ts'
import { writeCsv } from '../../sinks/csv.ts'
import { writeLedger } from '../../sinks/decision-ledger.ts'
import { writeFailedRows } from '../../sinks/failed-rows.ts'
import { writeFlatTable } from '../../sinks/flat-table.ts'
import { writeJsonl } from '../../sinks/jsonl.ts'
import { writeParquet } from '../../sinks/parquet.ts'
import { readNested, readParquet } from '../support/read-parquet.ts'
import { readCsv } from './read-csv.ts'
import { COLUMNS, TABLE_ROWS } from './table-rows.ts'
import { PARSED_ROWS } from './trace-rows.ts'
import { zstdFrames } from './zstd-frames.ts'

const DECOMPRESS = {
  none: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gunzipSync(bytes),
  zstd: zstdFrames,
}

const jsonLines = (bytes: Buffer): unknown[] =>
  bytes
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

for (const compression of ['none', 'gzip', 'zstd'] as const)
  testSink(`writeJsonl, ${compression}`, {
    sink: writeJsonl,
    options: { compression, profile: compression === 'gzip' ? 'trl' : 'canonical', shardBytes: 1_500 },
    rows: PARSED_ROWS,
    read: async (file) => jsonLines(DECOMPRESS[compression](await readFile(file))),
  })

for (const compression of ['none', 'gzip', 'zstd'] as const)
  testSink(`writeParquet, ${compression}`, {
    sink: writeParquet,
    options: { compression, profile: compression === 'gzip' ? 'trl' : 'canonical', shardBytes: 5_000 },
    rows: PARSED_ROWS,
    read: readNested,
  })

for (const compression of ['zstd', 'snappy', 'none'] as const)
  testSink(`writeAnalysisTable, ${compression}`, {
    sink: writeAnalysisTable,
    options: { columns: COLUMNS, compression },
    rows: TABLE_ROWS,
    read: readParquet,
  })

for (const compression of ['snappy', 'gzip', 'none'] as const)
  testSink(`writeFlatTable, ${compression}`, {
    sink: writeFlatTable,
    options: { columns: COLUMNS, compression },
    rows: TABLE_ROWS,
    read: readParquet,
  })

testSink('writeCsv', {
  sink: writeCsv,
  options: { columns: COLUMNS },
  rows: TABLE_ROWS,
  read: async (file) => readCsv(await readFile(file, 'utf8')).slice(1),
})

testSink('writeLedger', { sink: writeLedger, options: {}, rows: TABLE_ROWS, read: readParquet })

testSink('writeFailedRows', {
  sink: writeFailedRows,
  options: {},
  rows: TABLE_ROWS,
  read: async (file) => jsonLines(await readFile(file)),
})
