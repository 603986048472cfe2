import type { ByteRange } from '../parquet/byte-source.ts'

/** Reads bytes over the network. */
export type Fetch = (offset: number, length: number) => Promise<Buffer>

interface Window extends ByteRange {
  readonly bytes: Promise<Buffer>
}

/** Windows that follow each other without a gap double up to this. */
const LARGEST_WINDOW = 4 << 20
/** After a jump, windows begin small again: what a reader passes over is not worth its bytes. */
const WINDOW_AFTER_JUMP = 64 << 10

/**
 * Windows over one range of a remote file. While it is read without gaps they grow, and the next one is fetched while
 * the present one is used, as far as reading is expected to go. A reader that jumps gets what it asks for and no more.
 * Two windows are held at most, and what a single read wants.
 */
export class RangeWindows {
  readonly range: ByteRange
  readonly #fetch: Fetch
  #windows: Window[] = []
  /** of the next window */
  #nextSize: number
  /** of the last window, held or let go */
  #end: number
  /** the end of what was asked for last */
  #readTo: number
  /** outside of these nothing is fetched before somebody asks for it */
  #from = 0
  #until = 0

  constructor(range: ByteRange, firstWindow: number, fetch: Fetch) {
    this.range = range
    this.#end = range.start
    this.#readTo = range.start
    this.#nextSize = firstWindow
    this.#fetch = fetch
  }

  covers(start: number, end: number): boolean {
    return this.range.start <= start && end <= this.range.end
  }

  /** Fetches ahead from `from` up to `until`, and the first window at once. */
  expect(from: number, until: number): void {
    this.#from = from
    this.#until = until
    if (this.#end === this.range.start) this.#open(this.#end, this.#nextSize)
  }

  async read(offset: number, length: number): Promise<Buffer> {
    // What lies in between may be held already: passing over it is a jump all the same.
    const goesOn = offset <= this.#readTo
    this.#readTo = offset + length
    if (!goesOn) this.#nextSize = WINDOW_AFTER_JUMP
    this.#windows = this.#windows.filter(({ end }) => end > offset)
    if (offset > this.#end || (this.#windows[0]?.start ?? offset) > offset) {
      this.#windows = []
      this.#end = offset
    }
    const missing = offset + length - this.#end
    if (missing > 0) this.#open(this.#end, goesOn ? Math.max(missing, this.#ahead()) : missing)
    const needed = this.#windows.filter(({ start }) => start < offset + length)
    const isLast = this.#windows.length === needed.length
    if (goesOn && isLast) this.#open(this.#end, this.#ahead())
    const pieces = await Promise.all(needed.map(({ bytes }) => bytes))
    if (needed.length === 1) return slice(pieces[0]!, needed[0]!, offset, length)
    return Buffer.concat(
      needed.map((window, at) => {
        const from = Math.max(offset, window.start)
        return slice(pieces[at]!, window, from, Math.min(offset + length, window.end) - from)
      }),
      length,
    )
  }

  /** How much to fetch beyond what was asked for: not above nothing where no more is expected to be read. */
  #ahead(): number {
    return this.#end < this.#from ? 0 : Math.min(this.#nextSize, this.#until - this.#end)
  }

  #open(start: number, wanted: number): void {
    const end = Math.min(start + wanted, this.range.end)
    if (end <= start) return
    const bytes = this.#fetch(start, end - start)
    // Whoever needs it hears of a failure.
    bytes.catch(() => {})
    this.#windows.push({ start, end, bytes })
    this.#end = end
    this.#nextSize = Math.min(LARGEST_WINDOW, this.#nextSize * 2)
  }
}

function slice(bytes: Buffer, { start }: Window, offset: number, length: number): Buffer {
  return bytes.subarray(offset - start, offset - start + length)
}
