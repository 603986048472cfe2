import type { ByteRange } from '../parquet/byte-source.ts'
import { type Fetch, type Pace, RangeWindows } from './range-windows.ts'

/** A range of this size or less is fetched as a whole, together with its neighbours … */
const SMALL_RANGE = 512 << 10
/** … as long as no more than this lies between them … */
const LARGEST_GAP = 64 << 10
/** … and they come to no more than this. */
const LARGEST_GROUP = 2 << 20
/** of a large range: enough for its dictionary and first pages, as a rule */
const FIRST_WINDOW = 1 << 20
const LARGEST_WINDOW = 4 << 20
const LEAST_WINDOW = 512 << 10
/** Fetched ahead in all ranges of a file together: what a fast link brings in the time of a long round trip. */
const AHEAD = 32 << 20
const LEAST_AHEAD = 1 << 20
/** Held of a file in all ranges together, for each of its readers: what the slowest still needs of a lease. */
const HELD = 32 << 20
const LEAST_HELD = 4 << 20

/** A range, or small neighbours as one. */
export interface RangeGroup extends ByteRange {
  readonly small: boolean
}

/** What is held of a remote file for its readers, which read the same columns. */
export class FileWindows {
  readonly #fetch: Fetch
  readonly #readers: number
  /** by the end of their range */
  readonly #windows = new Map<number, RangeWindows>()

  /** `readers` is how many will read the file, side by side. */
  constructor(fetch: Fetch, readers = 1) {
    this.#fetch = fetch
    this.#readers = readers
  }

  /** Windows over ranges that will be read, those of other readers where there are any. */
  over(groups: readonly RangeGroup[]): RangeWindows[] {
    const large = groups.filter(({ small }) => !small)
    const total = large.reduce((sum, { start, end }) => sum + end - start, 0)
    return groups.map((group) => {
      const known = this.#windows.get(group.end)
      if (known && known.range.start <= group.start) return known
      const size = group.end - group.start
      const pace = size <= LARGEST_GROUP ? wholly(size) : this.#paceOf(size / total)
      const windows = new RangeWindows(group, pace, this.#readers, this.#fetch)
      this.#windows.set(group.end, windows)
      return windows
    })
  }

  /** A reader is done with windows. */
  leave(reader: object, left: readonly RangeWindows[]): void {
    for (const windows of left) windows.leave(reader)
    this.forget(left.filter(({ isLeft }) => isLeft))
  }

  /** Whoever opens ranges anew gets other windows than these. */
  forget(damaged: readonly RangeWindows[]): void {
    for (const windows of damaged) {
      const { end } = windows.range
      if (this.#windows.get(end) === windows) this.#windows.delete(end)
    }
  }

  /** Of a range that is so much of what is read of the file: rows are read in step, so all ranges last as long. */
  #paceOf(share: number): Pace {
    const ahead = Math.max(LEAST_AHEAD, Math.round(AHEAD * share))
    return {
      firstWindow: FIRST_WINDOW,
      largestWindow: Math.max(LEAST_WINDOW, Math.min(LARGEST_WINDOW, Math.round(ahead / 12))),
      ahead,
      coming: Math.round((ahead * 2) / 3),
      held: Math.max(LEAST_HELD, HELD * this.#readers * share),
    }
  }
}

function wholly(size: number): Pace {
  return { firstWindow: size, largestWindow: size, ahead: 0, coming: 0, held: size }
}

/** Ranges in the order of the file, small neighbours as one. */
export function groupSmall(ranges: readonly ByteRange[]): RangeGroup[] {
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
