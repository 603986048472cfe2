import type { ByteSource } from './byte-source.ts'
import type { ColumnChunk } from './file-metadata.ts'
import type { PageEntry, PageIndex } from './page-index.ts'
import { readPageLevels } from './page-levels.ts'
import { readStruct } from './read-struct.ts'
import type { PrimitiveNode } from './schema-tree.ts'

/**
 * The page index that the writer left beside a column chunk (parquet-format, PageIndex.md). Null where there is
 * none, and for one that can't be: its pages must follow each other without a gap to the end of the chunk, their
 * first rows must rise from 0, and both must be what the column index counts.
 *
 * An offset index without such counts is not used. A page shows how many rows it has, but not which: first rows that
 * are wrong by the same number over some pages agree with each page between, and rows would be taken for others.
 */
export async function readPageIndex(
  chunk: ColumnChunk,
  column: PrimitiveNode,
  groupRows: number,
  source: ByteSource,
): Promise<PageIndex | null> {
  if (chunk.offsetIndex === null) return null
  const { offset, length } = chunk.offsetIndex
  const locations = parseLocations(await source.read(offset, length)) ?? []
  const first = locations[0]
  if (first?.firstRow !== 0 || first.offset < chunk.start) return null
  const end = { offset: chunk.end, firstRow: groupRows }
  const follows = locations.every(({ offset, bytes, firstRow }, at) => {
    const next = locations[at + 1] ?? end
    return bytes > 0 && offset + bytes === next.offset && firstRow < next.firstRow
  })
  if (!follows) return null
  const levels = await readPageLevels(chunk, column, source)
  if (levels?.length !== locations.length + 1 || levels.at(-1)!.valuesBefore !== chunk.values) return null
  const entries: PageEntry[] = []
  for (const [at, { offset, firstRow }] of [...locations, end].entries()) {
    const { rowsBefore, valuesBefore } = levels[at]!
    if (rowsBefore !== firstRow) return null
    entries.push({ offset, firstRow, valuesBefore })
  }
  return { entries, crossing: false }
}

interface Location {
  readonly offset: number
  /** with its header */
  readonly bytes: number
  readonly firstRow: number
}

/** An OffsetIndex; null when the bytes are none. */
function parseLocations(bytes: Buffer): Location[] | null {
  const locations: Location[] = []
  const isRead = readStruct(bytes, (reader, id, type) => {
    if (id !== 1) return false
    reader.list(type, (of) => {
      let offset = Number.NaN
      let bytes = Number.NaN
      let firstRow = Number.NaN
      reader.expectStruct(of)
      reader.struct((id, type) => {
        if (id === 1) offset = reader.long(type)
        else if (id === 2) bytes = reader.integer(type)
        else if (id === 3) firstRow = reader.long(type)
        else reader.skip(type)
      })
      locations.push({ offset, bytes, firstRow })
    })
    return true
  })
  return isRead ? locations : null
}
