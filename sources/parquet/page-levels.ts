import type { ByteSource } from './byte-source.ts'
import type { ColumnChunk } from './file-metadata.ts'
import { readStruct } from './read-struct.ts'
import type { PrimitiveNode } from './schema-tree.ts'

/** Rows and values of the pages before a page. */
export interface PageLevels {
  readonly rowsBefore: number
  readonly valuesBefore: number
}

/** ColumnIndex.repetition_level_histograms (parquet-format, src/main/thrift/parquet.thrift). */
const REPETITION_HISTOGRAMS = 6

/**
 * What the column index of a chunk counts, page by page, and at last for all of them: how often each repetition
 * level is there, and at level 0 a row starts. Null where it counts nothing: writers that do leave the index out
 * where a page's least or greatest text is long.
 */
export async function readPageLevels(
  chunk: ColumnChunk,
  { maxRepetition }: PrimitiveNode,
  source: ByteSource,
): Promise<readonly PageLevels[] | null> {
  if (chunk.columnIndex === null) return null
  const { offset, length } = chunk.columnIndex
  const counts: number[] = []
  const isRead = readStruct(await source.read(offset, length), (reader, id, type) => {
    if (id !== REPETITION_HISTOGRAMS) return false
    reader.list(type, (of) => counts.push(reader.long(of)))
    return true
  })
  if (!isRead || counts.length === 0) return null
  const levels: PageLevels[] = []
  let rowsBefore = 0
  let valuesBefore = 0
  for (let at = 0; at < counts.length; at += maxRepetition + 1) {
    levels.push({ rowsBefore, valuesBefore })
    rowsBefore += counts[at]!
    for (const count of counts.slice(at, at + maxRepetition + 1)) valuesBefore += count
  }
  return [...levels, { rowsBefore, valuesBefore }]
}
