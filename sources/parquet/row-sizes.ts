import { endCovered, firstCovered, type Page } from './page.ts'
import { PageError } from './page-error.ts'

/**
 * Elements that a row's list may have. Nulls take next to nothing in a file, so nothing else bounds what a row
 * comes to: a file of two kilobytes can hold one of 60 million.
 */
const MAX_ROW_ENTRIES = 1 << 20
/** Bytes of text that a row may have in one leaf. Many elements can be the same word of a dictionary. */
const MAX_ROW_TEXT = 256 << 20
/** What an entry takes in levels and columns, about, beside its text. */
export const ENTRY_BYTES = 16

/** What a page takes when it is decoded. Texts that share their beginnings are put together beside it. */
export function loadedBytes({ header, decoded }: Page): number {
  const joined = decoded?.values.kind === 'text' && header.encoding === 'DELTA_BYTE_ARRAY'
  return header.uncompressedBytes + header.values * ENTRY_BYTES + (joined ? decoded.values.textBytes : 0)
}

/** The entries and the bytes of text of rows, in one leaf. */
export interface RowSizes {
  readonly entries: Float64Array
  readonly texts: Float64Array
}

/**
 * Sums up what the decoded pages hold of rows `from` to `end`. Null when all of it is so little that no row is
 * too large and no batch: so it is nearly always, and then nobody has to look at entries.
 */
export function sizesOfRows(
  pages: readonly Page[],
  from: number,
  end: number,
  maxDefinition: number,
): RowSizes | null {
  const held = pages.filter((page) => page.decoded && firstCovered(page) < end && endCovered(page) > from)
  const bytes = held.reduce((sum, page) => sum + referredBytes(page), 0)
  if (bytes <= MAX_ROW_ENTRIES * ENTRY_BYTES) return null
  const sizes = { entries: new Float64Array(end - from), texts: new Float64Array(end - from) }
  for (const page of held) addPage(page, from, end, maxDefinition, sizes)
  return sizes
}

function referredBytes({ header, decoded }: Page): number {
  const texts = decoded?.values.kind === 'text' ? decoded.values.textBytes : 0
  return header.values * ENTRY_BYTES + texts
}

function addPage(page: Page, from: number, end: number, maxDefinition: number, sizes: RowSizes): void {
  const { levels, values } = page.decoded!
  const { repetition, definition } = levels
  const refs = values.kind === 'text' ? values.refs : null
  let row = page.firstRow - 1
  let value = 0
  for (let entry = 0; entry < page.header.values; entry++) {
    if (repetition === null || repetition[entry] === 0) row++
    if (row >= end) return
    const isValue = definition === null || definition[entry] === maxDefinition
    if (row >= from) {
      sizes.entries[row - from]!++
      if (refs && isValue) sizes.texts[row - from]! += refs[2 * value + 1]!
    }
    if (isValue) value++
  }
}

/** Why a row of this size is not read; null when it is. */
export function tooLarge(entries: number, textBytes: number): string | null {
  if (entries > MAX_ROW_ENTRIES)
    return `the row has ${entries} elements, more than the limit of ${MAX_ROW_ENTRIES}`
  if (textBytes > MAX_ROW_TEXT)
    return `the row has ${textBytes} bytes of text, more than the limit of ${MAX_ROW_TEXT}`
  return null
}

/** Throws PageError, before values are decoded, when all rows of a page have too many elements. */
export function checkEntries(repetition: Uint8Array | null, count: number): void {
  if (repetition === null || count <= MAX_ROW_ENTRIES) return
  let least = count
  for (let entry = 1, start = 0; entry <= count; entry++)
    if (entry === count || repetition[entry] === 0) {
      least = Math.min(least, entry - start)
      start = entry
    }
  const why = tooLarge(least, 0)
  if (why) throw new PageError(why)
}
