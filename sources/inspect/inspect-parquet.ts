import { RowBatch } from '../../pipeline/batch/batch.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import type { ByteSource } from '../parquet/byte-source.ts'
import { type ColumnChunk, type FileMetadata, readMetadata } from '../parquet/file-metadata.ts'
import { RowReader } from '../parquet/row-reader.ts'
import { resolveSchema } from '../parquet/schema-resolution.ts'
import { requireMessages } from '../require-messages.ts'
import { FetchedRanges } from './fetched-ranges.ts'
import type { FileContent } from './file-content.ts'
import { hasChecksum } from './page-checksums.ts'
import { parquetShape } from './parquet-shape.ts'
import { RowCounter, TALLIED } from './row-tally.ts'

/** Columns that come to more than this are not cheap to fetch: real ones take a byte or two a row. */
const MOST_FETCHED = 8 << 20

interface Options {
  readonly file: string
  readonly memory: Memory
  /** its bytes come over a network */
  readonly isRemote: boolean
  readonly signal: AbortSignal
}

/**
 * What a Parquet file holds: its footer, and the few columns that rows are counted by. Throws NoTracesError when it
 * holds no traces and SourceError when it is damaged.
 */
export async function inspectParquet(source: ByteSource, options: Options): Promise<FileContent> {
  const metadata = await readMetadata(source, options.file)
  requireMessages(metadata)
  const { rows, rowGroups } = metadata
  const chunks = rowGroups.flatMap(({ chunks }) => chunks)
  const counter = new RowCounter()
  const cheap = cheapChunks(metadata)
  const cheapBytes = cheap.reduce((sum, { start, end }) => sum + end - start, 0)
  const isCheap = !options.isRemote || cheapBytes <= MOST_FETCHED
  const near = options.isRemote && isCheap ? await FetchedRanges.fetch(source, cheap) : source
  if (isCheap) await countRows(near, metadata, options, counter)
  else counter.addUnread(rows)
  const [looked] = isCheap ? cheap : []
  return {
    facts: {
      format: 'parquet',
      rows,
      uncompressedBytes: rowGroups.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0),
      codecs: [...new Set(chunks.map(({ codec }) => codec))],
      rowGroups: rowGroups.length,
      pageIndex: chunks.length > 0 && chunks.every(({ offsetIndex }) => offsetIndex !== null),
      checksums: looked ? await hasChecksum(near, looked) : null,
      firstFailure: counter.firstFailure,
      notCounted: isCheap
        ? null
        : `labels and languages are not counted: their columns have ${cheapBytes} bytes`,
    },
    columns: parquetShape(metadata),
    tally: counter.tally(),
  }
}

/** Those that rows are counted by. */
function cheapChunks({ schema, rowGroups }: FileMetadata): ColumnChunk[] {
  const { leaves } = resolveSchema(schema, TALLIED)
  return rowGroups
    .filter(({ rows }) => rows > 0)
    .flatMap(({ chunks }) => leaves.map(({ column }) => chunks[column.column]!))
}

async function countRows(
  source: ByteSource,
  metadata: FileMetadata,
  { memory, signal }: Options,
  counter: RowCounter,
): Promise<void> {
  const reader = new RowReader({ source, metadata, revision: null, memory, schema: TALLIED, early: [] })
  const layout = { schema: TALLIED, added: [] }
  try {
    for await (const content of reader.read(0, metadata.rows, signal)) {
      const batch = new RowBatch(memory, layout, content)
      counter.add(batch)
      batch.release()
    }
  } finally {
    reader.close()
  }
}
