import type { ByteRange, ByteSource, Expected } from '../parquet/byte-source.ts'
import { FileWindows, groupSmall } from './file-windows.ts'
import { Prefetched } from './prefetched.ts'
import type { RangeWindows } from './range-windows.ts'

/** Rows are not all of one size: so much more than was expected may be wanted. */
const SLACK = 1 << 20

/**
 * Fetches what will be read from a source far away before it is asked for: small ranges together, large ones in
 * windows, those of which only pieces will be read piece by piece. What nobody said would be read is read when it is
 * asked for.
 */
export class ReadAhead implements ByteSource {
  readonly #source: ByteSource
  readonly #file: FileWindows
  #windows: readonly RangeWindows[] = []
  /** over small ranges that are fetched when the first of them is read */
  #waiting: readonly RangeWindows[] = []
  #prefetched: Prefetched | null = null
  /** what the windows are for */
  #next: readonly ByteRange[] = []
  #perhaps: readonly ByteRange[] = []

  /** `file` is what readers of the same file share. */
  constructor(
    source: ByteSource,
    file = new FileWindows(async (offset, length) => source.read(offset, length)),
  ) {
    this.#source = source
    this.#file = file
  }

  get size(): number {
    return this.#source.size
  }

  expect({ next, perhaps }: Expected): void {
    if (!sameRanges(this.#next, next) || !sameRanges(this.#perhaps, perhaps)) {
      this.#next = next
      this.#perhaps = perhaps
      const left = [...this.#windows, ...this.#waiting]
      this.#windows = this.#file.over(groupSmall(next))
      this.#waiting = this.#file.over(groupSmall(perhaps).filter(({ small }) => small))
      const kept = new Set([...this.#windows, ...this.#waiting])
      this.#file.leave(
        this,
        left.filter((windows) => !kept.has(windows)),
      )
    }
    for (const windows of this.#windows) {
      const within = next.filter(({ start, end }) => windows.covers(start, end))
      windows.expect(this, Math.max(...within.map(({ until }) => until)) + SLACK)
    }
  }

  prefetch(ranges: readonly ByteRange[]): void {
    const covered = (range: ByteRange) =>
      [...this.#windows, ...this.#waiting].some((windows) => windows.covers(range.start, range.end))
    this.#prefetched = new Prefetched(
      ranges.filter((range) => !covered(range)),
      async (offset, length) => this.#source.read(offset, length),
    )
  }

  read(offset: number, length: number): Promise<Buffer> | Buffer {
    const covers = (windows: RangeWindows) => windows.covers(offset, offset + length)
    const waiting = this.#waiting.find(covers)
    waiting?.expect(this, waiting.range.end)
    const windows = waiting ?? this.#windows.find(covers)
    if (windows) return windows.read(this, offset, length)
    return this.#prefetched?.read(offset, length) ?? this.#source.read(offset, length)
  }

  /** Past all that is held. */
  async again(offset: number, length: number): Promise<Buffer> {
    return this.#source.again?.(offset, length) ?? this.#source.read(offset, length)
  }

  forget(): void {
    this.#file.forget([...this.#windows, ...this.#waiting])
    this.leave()
  }

  /** Lets go of what it held, and of no more than that. */
  leave(): void {
    this.expect({ next: [], perhaps: [] })
    this.#prefetched = null
  }

  close(): Promise<void> | void {
    this.leave()
    return this.#source.close()
  }
}

function sameRanges(one: readonly ByteRange[], other: readonly ByteRange[]): boolean {
  const isSame = ({ start, end }: ByteRange, at: number) =>
    start === other[at]!.start && end === other[at]!.end
  return one === other || (one.length === other.length && one.every(isSame))
}
