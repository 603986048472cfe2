import type { ChunkWindow } from './chunk-window.ts'
import { PageError } from './page-error.ts'
import { type PageHeader, parsePageHeader } from './page-header.ts'

/** Headers hold the least and the greatest value, so they can be long, but not longer than this. */
const MAX_HEADER = 16 << 20
const FIRST_HEADER = 4 << 10
const ENDS_EARLY = 'the column ends before its last page'

interface HeaderInChunk {
  readonly header: PageHeader
  /** offset in the file of what follows the header */
  readonly bodyAt: number
  /** offset of the next page's header */
  readonly next: number
}

/** The page header at offset `at` of a chunk that goes to `end`. Throws PageError when there is none. */
export async function readHeader(window: ChunkWindow, at: number, end: number): Promise<HeaderInChunk> {
  const left = end - at
  if (left <= 0) throw new PageError(ENDS_EARLY)
  for (let length = Math.min(FIRST_HEADER, left); ; length = Math.min(length * 8, left)) {
    const header = parsePageHeader(await window.bytes(at, length))
    if (header) {
      const bodyAt = at + header.headerBytes
      const next = bodyAt + header.compressedBytes
      if (next > end)
        throw new PageError(`a page of ${header.compressedBytes} bytes passes the end of its column`)
      return { header, bodyAt, next }
    }
    if (length === left || length > MAX_HEADER) throw new PageError(ENDS_EARLY)
  }
}
