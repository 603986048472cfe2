import type { ByteSource } from './byte-source.ts'
import { ChunkWindow } from './chunk-window.ts'
import type { ColumnChunk } from './file-metadata.ts'
import { PageError } from './page-error.ts'
import { readHeader } from './read-header.ts'

/**
 * Whether the values and rows that the pages of a chunk declare come to what the footer says. Headers have no
 * checksum, and levels are padded, so a page alone can't show that its header is right; the sums can. `unknown`
 * when a header can't be read: the damage is there, and nothing is said of the others.
 */
export type HeaderSums =
  | { readonly kind: 'agree' }
  | { readonly kind: 'differ'; readonly message: string }
  | { readonly kind: 'unknown' }

/** Walks all page headers of a chunk. Rows are summed up where headers have them. */
export async function sumHeaders(
  chunk: ColumnChunk,
  groupRows: number,
  source: ByteSource,
): Promise<HeaderSums> {
  const window = new ChunkWindow(source, chunk.end, 0)
  let values = 0
  let rows = 0
  let rowsKnown = true
  try {
    for (let at = chunk.start; at < chunk.end; ) {
      const { header, next } = await readHeader(window, at, chunk.end)
      at = next
      if (header.kind === 'v1' || header.kind === 'v2') {
        values += header.values
        if (header.kind === 'v2') rows += header.rows
        else rowsKnown = false
      }
    }
  } catch (error) {
    if (error instanceof PageError) return { kind: 'unknown' }
    throw error
  }
  const differ = (found: number, what: string, expected: number): HeaderSums => ({
    kind: 'differ',
    message: `the pages of the column declare ${found} ${what} where the footer has ${expected}: which rows are which is not known`,
  })
  if (values !== chunk.values) return differ(values, 'values', chunk.values)
  if (rowsKnown && rows !== groupRows) return differ(rows, 'rows', groupRows)
  return { kind: 'agree' }
}
