import type { ByteRange, ByteSource } from '../parquet/byte-source.ts'
import { RangeWindows } from './range-windows.ts'

/** A range of this size or less is fetched as a whole, together with its neighbours … */
const SMALL_RANGE = 512 << 10
/** … as long as no more than this lies between them … */
const LARGEST_GAP = 64 << 10
/** … and they come to no more than this. */
const LARGEST_GROUP = 2 << 20
/** of a large range: enough for its first page, mostly a dictionary */
const FIRST_WINDOW = 256 << 10

/**
 * Fetches what will be read from a source far away before it is asked for: small ranges together, large ones in
 * windows. What nobody said would be read is read when it is asked for.
 */
export class ReadAhead implements ByteSource {
  readonly #source: ByteSource
  #windows: readonly RangeWindows[] = []

  constructor(source: ByteSource) {
    this.#source = source
  }

  get size(): number {
    return this.#source.size
  }

  expect({ next, perhaps }: { next: readonly ByteRange[]; perhaps: readonly ByteRange[] }): void {
    const fetch = async (offset: number, length: number): Promise<Buffer> => this.#source.read(offset, length)
    const windowsOf = (ranges: readonly ByteRange[]) =>
      groupSmall(ranges).map((range) => {
        const size = range.end - range.start
        return new RangeWindows(range, size <= LARGEST_GROUP ? size : FIRST_WINDOW, fetch)
      })
    const ahead = windowsOf(next)
    this.#windows = [...ahead, ...windowsOf(perhaps)]
    for (const windows of ahead) windows.start()
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
