import { endCovered, headerAt, type Page } from './page.ts'

/** Where a data page is, and what comes before it in its column chunk. */
export interface PageEntry {
  /** of its header, in the file */
  readonly offset: number
  /** the first row that starts in it, counted in the row group */
  readonly firstRow: number
  readonly valuesBefore: number
}

/** Where the pages of a column chunk are. What it says of a page holds once that page has been read and agrees. */
export interface PageIndex {
  /** in the order of the pages; the last is no page, but the end of those that are known */
  readonly entries: readonly PageEntry[]
  /** whether a row may go on in the next page */
  readonly crossing: boolean
}

/** Position of the page in which row `row` starts; of the end when that is beyond the pages that are known. */
export function pageOf({ entries }: PageIndex, row: number): number {
  let low = 0
  let high = entries.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (entries[middle]!.firstRow <= row) low = middle
    else high = middle - 1
  }
  return low
}

/** Position of the page that begins at `offset` with row `firstRow`; null when the index has another there. */
export function positionOf(index: PageIndex, offset: number, firstRow: number): number | null {
  const at = pageOf(index, firstRow)
  const entry = index.entries[at]!
  const isPage = at < index.entries.length - 1
  return isPage && entry.offset === offset && entry.firstRow === firstRow ? at : null
}

/** Whether a page whose rows were counted is the one that the index has at position `at`. */
export function agrees({ entries, crossing }: PageIndex, at: number, page: Page): boolean {
  const entry = entries[at]!
  const next = entries[at + 1]!
  return (
    headerAt(page) === entry.offset &&
    page.firstRow === entry.firstRow &&
    endCovered(page) === next.firstRow &&
    (crossing || !page.continues) &&
    page.header.values === next.valuesBefore - entry.valuesBefore
  )
}
