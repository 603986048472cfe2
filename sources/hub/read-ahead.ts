import type { ByteRange, ByteSource, Expected } from '../parquet/byte-source.ts'
import { Prefetched } from './prefetched.ts'
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
 * windows, those of which only pieces will be read piece by piece. What nobody said would be read is read when it is
 * asked for.
 */
export class ReadAhead implements ByteSource {
  readonly #source: ByteSource
  #windows: readonly RangeWindows[] = []
  /** over small ranges that are fetched when the first of them is read */
  #waiting: readonly RangeWindows[] = []
  #prefetched: Prefetched | null = null
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
      const open = (range: ByteRange) => new RangeWindows(range, firstWindow(range), this.#fetch)
      this.#windows = groupSmall(next).map(open)
      this.#waiting = groupSmall(perhaps)
        .filter(({ small }) => small)
        .map(open)
    }
    for (const windows of this.#windows) {
      const { start, end } = windows.range
      const at = (share: number): number => start + Math.ceil((end - start) * share)
      windows.expect(at(from) - SLACK, at(to) + SLACK)
    }
  }

  prefetch(ranges: readonly ByteRange[]): void {
    const covered = (range: ByteRange) =>
      [...this.#windows, ...this.#waiting].some((windows) => windows.covers(range.start, range.end))
    this.#prefetched = new Prefetched(
      ranges.filter((range) => !covered(range)),
      this.#fetch,
    )
  }

  read(offset: number, length: number): Promise<Buffer> | Buffer {
    const covers = (windows: RangeWindows) => windows.covers(offset, offset + length)
    const waiting = this.#waiting.find(covers)
    waiting?.expect(waiting.range.start, waiting.range.end)
    const windows = waiting ?? this.#windows.find(covers)
    if (windows) return windows.read(offset, length)
    return this.#prefetched?.read(offset, length) ?? this.#source.read(offset, length)
  }

  /** Past all that is held. */
  again(offset: number, length: number): Promise<Buffer> {
    return this.#source.again?.(offset, length) ?? this.#fetch(offset, length)
  }

  close(): Promise<void> | void {
    this.#windows = this.#waiting = []
    this.#prefetched = null
    return this.#source.close()
  }

  readonly #fetch = async (offset: number, length: number): Promise<Buffer> =>
    this.#source.read(offset, length)
}

function firstWindow({ start, end }: ByteRange): number {
  return end - start <= LARGEST_GROUP ? end - start : FIRST_WINDOW
}

/** Ranges in the order of the file, small neighbours as one. */
export function groupSmall(ranges: readonly ByteRange[]): (ByteRange & { readonly small: boolean })[] {
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
