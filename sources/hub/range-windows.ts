import type { ByteRange } from '../parquet/byte-source.ts'

/** Reads bytes over the network. */
type Fetch = (offset: number, length: number) => Promise<Buffer>

interface Window extends ByteRange {
  readonly bytes: Promise<Buffer>
}

/** Windows that follow each other without a gap double up to this. */
const LARGEST_WINDOW = 4 << 20
/** After a jump only what was asked for is worth its bytes, and a little more: headers of pages are small. */
const WINDOW_AFTER_JUMP = 64 << 10

/**
 * Windows over one range of a remote file, read from its start on. While it is read without gaps, windows grow, and
 * the next one is fetched while the present one is used. A reader that jumps gets small ones, so that what it passes
 * over is not fetched. Two windows are held at most, and what a single read wants.
 */
export class RangeWindows {
  readonly range: ByteRange
  readonly #fetch: Fetch
  #windows: Window[] = []
  #nextSize: number

  constructor(range: ByteRange, firstWindow: number, fetch: Fetch) {
    this.range = range
    this.#nextSize = firstWindow
    this.#fetch = fetch
  }

  /** Fetches the first window, before anybody asks for it. */
  start(): void {
    this.#open(this.range.start, this.#nextSize)
  }

  async read(offset: number, length: number): Promise<Buffer> {
    this.#windows = this.#windows.filter(({ end }) => end > offset)
    const goesOn = this.#reaches(offset)
    if (!goesOn) {
      this.#windows = []
      this.#nextSize = WINDOW_AFTER_JUMP
      this.#open(offset, Math.max(length, this.#nextSize))
    }
    while (this.#end() < offset + length)
      this.#open(this.#end(), Math.max(offset + length - this.#end(), this.#nextSize))
    const needed = this.#windows.filter(({ start }) => start < offset + length)
    // The last window that is in use is followed by one on its way.
    if (goesOn && this.#windows.length === needed.length) this.#open(this.#end(), this.#nextSize)
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

  #reaches(offset: number): boolean {
    const [first] = this.#windows
    return first !== undefined ? first.start <= offset && offset <= this.#end() : false
  }

  #end(): number {
    return this.#windows.at(-1)!.end
  }

  #open(start: number, wanted: number): void {
    const end = Math.min(start + wanted, this.range.end)
    if (end <= start) return
    const bytes = this.#fetch(start, end - start)
    // Whoever needs it hears of a failure.
    bytes.catch(() => {})
    this.#windows.push({ start, end, bytes })
    this.#nextSize = Math.min(LARGEST_WINDOW, this.#nextSize * 2)
  }
}

function slice(bytes: Buffer, { start }: Window, offset: number, length: number): Buffer {
  return bytes.subarray(offset - start, offset - start + length)
}
