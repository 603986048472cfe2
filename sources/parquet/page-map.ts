import { endCovered, headerAt, type Page } from './page.ts'
import type { PageEntry, PageIndex } from './page-index.ts'

/**
 * Pages of a column chunk that were walked over from its start, each with its rows counted: an index that a reader
 * makes in passing, for whoever reads the chunk again. Plain data.
 */
export interface PageMap {
  readonly pages: PageEntry[]
  /** behind the last of them; null before the first */
  end: PageEntry | null
}

export const emptyMap = (): PageMap => ({ pages: [], end: null })

/** Notes a page if it is the one after those that are noted, which its reader has come to by walking. */
export function notePage(map: PageMap, page: Page): void {
  const { end } = map
  const offset = headerAt(page)
  if (end ? end.firstRow !== page.firstRow || offset < end.offset : page.firstRow !== 0) return
  const valuesBefore = end?.valuesBefore ?? 0
  map.pages.push({ offset, firstRow: page.firstRow, valuesBefore })
  map.end = {
    offset: page.bodyAt + page.header.compressedBytes,
    firstRow: endCovered(page),
    valuesBefore: valuesBefore + page.header.values,
  }
}

/** Version 1 pages that come without an index may begin in the middle of a row. */
export function indexOf({ pages, end }: PageMap): PageIndex | null {
  return end && { entries: [...pages, end], crossing: true }
}
