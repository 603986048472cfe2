import type { DecodedPage } from './data-page.ts'
import type { DataHeader } from './page-header.ts'
import { releaseValues } from './page-values.ts'

/** A data page of a leaf and where its rows stand in the row group. */
export interface Page {
  readonly header: DataHeader
  /** offset in the file of what follows the header */
  readonly bodyAt: number
  /** the first row that starts in it, counted in the row group */
  firstRow: number
  /** rows that start in it: what its header claims, until its levels are read */
  rows: number
  /** its levels say so, and their checksum is right */
  confirmed: boolean
  /** it begins with the rest of the row before */
  continues: boolean
  /** null until it is decoded, and for good when no row of it is wanted or it is damaged */
  decoded: DecodedPage | null
  /** what is wrong with it; costs every row it covers */
  fault: string | null
  /** how far rows were taken from it */
  readonly cursor: {
    entry: number
    value: number
    /** the row that the entry before belongs to */
    row: number
  }
}

/** The offset of its header in the file. */
export const headerAt = ({ bodyAt, header }: Page): number => bodyAt - header.headerBytes

/** The first row of which the page has a part. */
export const firstCovered = (page: Page): number => page.firstRow - (page.continues ? 1 : 0)

/** After the last row of which the page has a part. */
export const endCovered = (page: Page): number => page.firstRow + page.rows

/** Gives up what was decoded; batches that hold texts of it keep them. */
export function letGo(page: Page): void {
  if (page.decoded) releaseValues(page.decoded.values)
  page.decoded = null
}

/** Whether a row of `from` to `to` that the page has a part of is wanted: all are, or those with a flag. */
export function isWanted(page: Page, from: number, to: number, wanted: Uint8Array | null): boolean {
  const first = Math.max(firstCovered(page), from)
  const end = Math.min(endCovered(page), to)
  if (wanted === null) return first < end
  for (let row = first; row < end; row++) if (wanted[row - from] === 1) return true
  return false
}
