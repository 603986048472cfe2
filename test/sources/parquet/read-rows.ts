import { type Batch, RowBatch } from '../../../pipeline/batch/batch.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import type { Mark } from '../../../pipeline/batch/outcome.ts'
import { boolean, list, number, type Struct, string, struct } from '../../../pipeline/batch/schema.ts'
import { judgedBatches } from '../../../pipeline/worker/judged-batches.ts'
import type { ByteSource } from '../../../sources/parquet/byte-source.ts'
import { type FileMetadata, type RowGroup, readMetadata } from '../../../sources/parquet/file-metadata.ts'
import { RowReader } from '../../../sources/parquet/row-reader.ts'

/** The rows that write_files.py makes. */
export const testSchema = struct({
  id: string(),
  language: string(),
  resolved: number(),
  count: number(),
  unsigned: number(),
  ratio: number(),
  flag: boolean(),
  tags: list(string()),
  meta: struct({ name: string(), inner: struct({ score: number(), ok: boolean() }) }),
  turns: list(
    struct({
      role: string(),
      text: string(),
      calls: list(struct({ id: string(), args: string(), n: number() })),
    }),
  ),
  nothing: string(),
})

export type ReadRow = Record<string, unknown>

/** A file in memory. */
export function bytesSource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || offset + length > bytes.length) throw new Error('read past the end of the file')
      return Buffer.from(bytes.subarray(offset, offset + length))
    },
    close: () => {},
  }
}

export interface ReadOptions {
  readonly schema?: Struct
  readonly early?: readonly string[]
  /** row ranges to read one after another; default all rows */
  readonly ranges?: readonly { readonly firstRow: number; readonly rows: number }[]
  readonly memory?: Memory
  /** rows to drop before the rest is read */
  readonly drop?: (position: number) => boolean
  readonly signal?: AbortSignal
  /** what the reader is told of the file instead of what its footer says */
  readonly edit?: (metadata: FileMetadata) => FileMetadata
}

export interface ReadResult {
  readonly metadata: FileMetadata
  /** in reading order: the row as a plain object, or what became of it */
  readonly rows: readonly (ReadRow | Mark)[]
  readonly batches: readonly number[]
  /** bytes that are still allocated after everything was released */
  readonly leaked: number
}

export const isMark = (row: ReadRow | Mark): row is Mark => 'verdict' in row

/** Reads a file the way the engine does, batch by batch, and copies every row that was kept. */
export async function readRows(source: ByteSource, options: ReadOptions = {}): Promise<ReadResult> {
  const { schema = testSchema, early = [], memory = new Memory(), drop } = options
  const signal = options.signal ?? new AbortController().signal
  const before = memory.live
  const footer = await readMetadata(source, 'test.parquet')
  const metadata = options.edit?.(footer) ?? footer
  const reader = new RowReader({ source, metadata, revision: null, memory, schema, early })
  const layout = { schema, added: [] }
  const rows: (ReadRow | Mark)[] = []
  const batches: number[] = []
  const refuse = async (batch: Batch): Promise<void> => {
    for (let row = 0; row < batch.length; row++)
      if (drop?.(batch.origin.firstRow + row))
        batch.outcomes.mark(row, {
          verdict: 'dropped',
          step: 'test',
          reason: 'no',
          value: null,
          threshold: null,
        })
  }
  for (const { firstRow, rows: count } of bundlesOf(options.ranges ?? metadata.rowGroups, metadata)) {
    const contents = reader.read(firstRow, count, signal)
    const next = async (): Promise<IteratorResult<Batch>> => {
      const { value, done } = await contents.next()
      return done ? { value, done } : { value: new RowBatch(memory, layout, value), done: false }
    }
    for await (const each of judgedBatches(next, refuse)) {
      const batch = each as RowBatch<ReadRow & { toObject(): ReadRow }>
      await batch.load()
      for (let row = 0; row < batch.length; row++)
        rows.push(batch.outcomes.of(row) ?? batch.row(row).toObject())
      batches.push(batch.length)
    }
  }
  reader.close()
  return { metadata, rows, batches, leaked: memory.live - before }
}

type Rows = Pick<RowGroup, 'firstRow' | 'rows'>

/** Ranges of rows as bundles have them, each within a row group. */
function bundlesOf(ranges: readonly Rows[], { rowGroups }: FileMetadata): Rows[] {
  return ranges.flatMap((range) =>
    rowGroups.flatMap((group) => {
      const firstRow = Math.max(range.firstRow, group.firstRow)
      const rows = Math.min(range.firstRow + range.rows, group.firstRow + group.rows) - firstRow
      return rows > 0 ? [{ firstRow, rows }] : []
    }),
  )
}
