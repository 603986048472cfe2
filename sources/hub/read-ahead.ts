import type { ByteRange, ByteSource, Expected } from '../parquet/byte-source.ts'
import { RangeWindows } from './range-windows.ts'

/** A range of this size or less is fetched as a whole, together with its neighbours … */
const SMALL_RANGE = 512 << 10
/** … as long as no more than this lies between them … */
const LARGEST_GAP = 64 << 10
/** … and they come to no more than this. */
const LARGEST_GROUP = 2 << 20
/** of a large range: enough for its first page, mostly a dictionary */
const FIRST_WINDOW = 256 << 10
/** Rows are not all of one size: so much more than their share of a range may be wanted. */
const SLACK = 256 << 10

/**
 * Fetches what will be read from a source far away before it is asked for: small ranges together, large ones in
 * windows. What nobody said would be read is read when it is asked for.
 */
export class ReadAhead implements ByteSource {
  readonly #source: ByteSource
  #windows: readonly RangeWindows[] = []
  /** what the windows are for */
  #next: readonly ByteRange[] = []
  #perhaps: readonly ByteRange[] = []

  constructor(source: ByteSource) {
    this.#source = source
  }

  get size(): number {
    return this.#source.size
  }

  expect({ next, perhaps, from, to }: Expected): void {
    if (this.#next !== next || this.#perhaps !== perhaps) {
      this.#next = next
      this.#perhaps = perhaps
      const fetch = async (offset: number, length: number): Promise<Buffer> =>
        this.#source.read(offset, length)
      this.#windows = [
        ...groupSmall(next).map((range) => new RangeWindows(range, firstWindow(range), fetch)),
        ...groupSmall(perhaps).map((range) => new RangeWindows(range, 0, fetch)),
      ]
    }
    for (const windows of this.#windows) {
      const { start, end } = windows.range
      const at = (share: number): number => start + Math.ceil((end - start) * share)
      windows.expect(at(from) - SLACK, at(to) + SLACK)
    }
  }

  read(offset: number, length: number): Promise<Buffer> | Buffer {
    const windows = this.#windows.find(({ range }) => range.start <= offset && offset + length <= range.end)
    return windows ? windows.read(offset, length) : this.#source.read(offset, length)
  }

  close(): Promise<void> | void {
    this.#windows = []
    return this.#source.close()
  }
}

function firstWindow({ start, end }: ByteRange): number {
  return end - start <= LARGEST_GROUP ? end - start : FIRST_WINDOW
}

/** Ranges in the order of the file, small neighbours as one. */
export function groupSmall(ranges: readonly ByteRange[]): ByteRange[] {
  const groups: { start: number; end: number; small: boolean }[] = []
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    const small = end - start <= SMALL_RANGE
    const last = groups.at(-1)
    const joins = last?.small && small && start - last.end <= LARGEST_GAP && end - last.start <= LARGEST_GROUP
    if (joins) last.end = Math.max(last.end, end)
    else groups.push({ start, end, small })
  }
  return groups
}
