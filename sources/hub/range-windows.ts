import { setImmediate } from 'node:timers/promises'
import type { ByteRange } from '../parquet/byte-source.ts'

/** Reads bytes over the network. */
export type Fetch = (offset: number, length: number) => Promise<Buffer>

/** How a range is read ahead, in bytes. */
export interface Pace {
  /** of the first window; those that follow double up to `largestWindow` */
  readonly firstWindow: number
  readonly largestWindow: number
  /** fetched beyond what was asked for, as far as reading is expected to go */
  readonly ahead: number
  /** of that, what is on its way at a time */
  readonly coming: number
  /** held at most, but for what a single read wants */
  readonly held: number
}

/** A reader goes back so far: to the dictionary, when it comes to the first page that is coded by it. */
const GOES_BACK = 2 << 20

/** A reader in this thread that finds all it asks for would never let the network have its turn. */
const TURN_BYTES = 1 << 20

interface Window extends ByteRange {
  readonly bytes: Promise<Buffer>
}

/**
 * Windows over one range of a remote file that one or more readers go through, each from its start on. The range is
 * fetched once, from its start on without a gap: where one reader passes over pages, another reads them. A window is let
 * go when all readers have passed it; a reader that is so far behind that it was let go before, or so far ahead of the
 * others that they would wait for it, fetches what it asks for and no more.
 */
export class RangeWindows {
  readonly range: ByteRange
  readonly #pace: Pace
  readonly #readers: number
  readonly #fetch: Fetch
  /** without gaps, in the order of the file */
  #windows: Window[] = []
  /** of the next window */
  #nextSize: number
  /** of the last window, held or let go */
  #end: number
  /** of windows that are not there yet, in bytes */
  #coming = 0
  /** given since the event loop was last let run */
  #given = 0
  /** nothing is fetched ahead beyond it */
  #until = 0
  /** the end of what each reader asked for */
  readonly #positions = new Map<object, number>()

  /** `readers` is how many will come. */
  constructor(range: ByteRange, pace: Pace, readers: number, fetch: Fetch) {
    this.range = range
    this.#pace = pace
    this.#readers = readers
    this.#fetch = fetch
    this.#nextSize = pace.firstWindow
    this.#end = range.start
  }

  covers(start: number, end: number): boolean {
    return this.range.start <= start && end <= this.range.end
  }

  /** Whether nobody reads it any more. */
  get isLeft(): boolean {
    return this.#positions.size === 0
  }

  /** The reader will read the range up to `until`: its first window is fetched at once. */
  expect(reader: object, until: number): void {
    if (!this.#positions.has(reader)) this.#positions.set(reader, this.range.start)
    this.#until = Math.max(this.#until, Math.min(until, this.range.end))
    if (this.#end > this.range.start) return
    this.#open(Math.min(this.#nextSize, this.#until - this.#end))
  }

  /** The reader does not read it any more. */
  leave(reader: object): void {
    this.#positions.delete(reader)
  }

  async read(reader: object, offset: number, length: number): Promise<Buffer> {
    const end = offset + length
    const start = this.#windows[0]?.start ?? this.#end
    if (offset < start || offset - this.#end > this.#pace.held) return this.#fetch(offset, length)
    while (this.#end < end) {
      const size = Math.min(this.#nextSize, Math.max(this.#until, end) - this.#end)
      this.#open(Math.max(size, end - this.#end <= this.#pace.largestWindow ? end - this.#end : size))
    }
    this.#positions.set(reader, Math.max(end, this.#positions.get(reader) ?? 0))
    const needed = this.#windows.filter((window) => window.start < end && window.end > offset)
    const pieces = await Promise.all(needed.map(({ bytes }) => bytes))
    this.#goOn()
    this.#letGo()
    this.#given += length
    if (this.#given >= TURN_BYTES) {
      this.#given = 0
      await setImmediate()
    }
    if (needed.length === 1) return slice(pieces[0]!, needed[0]!, offset, length)
    return Buffer.concat(
      needed.map((window, at) => {
        const from = Math.max(offset, window.start)
        return slice(pieces[at]!, window, from, Math.min(end, window.end) - from)
      }),
      length,
    )
  }

  /**
   * Windows that are all asked for at once come all at once, and the way lies idle until those after them are asked
   * for: so one follows when another is there.
   */
  #goOn(): void {
    if (this.isLeft) return
    const until = Math.min(this.#until, Math.max(0, ...this.#positions.values()) + this.#pace.ahead)
    while (this.#end < until && this.#coming < this.#pace.coming)
      this.#open(Math.min(this.#nextSize, this.#until - this.#end))
  }

  #letGo(): void {
    const all = this.#positions.size >= this.#readers
    const passed = all ? Math.min(...this.#positions.values()) - GOES_BACK : 0
    const kept = this.#windows.findIndex(
      ({ end }) => end > passed && this.#end - end < this.#pace.held + this.#pace.ahead,
    )
    this.#windows.splice(0, kept < 0 ? this.#windows.length : kept)
  }

  #open(wanted: number): void {
    const start = this.#end
    const end = Math.min(start + wanted, this.range.end)
    if (end <= start) return
    this.#coming += end - start
    const bytes = this.#fetch(start, end - start).finally(() => {
      this.#coming -= end - start
    })
    // Whoever needs it hears of a failure.
    bytes.then(
      () => this.#goOn(),
      () => {},
    )
    this.#windows.push({ start, end, bytes })
    this.#end = end
    this.#nextSize = Math.min(this.#pace.largestWindow, this.#nextSize * 2)
  }
}

function slice(bytes: Buffer, { start }: Window, offset: number, length: number): Buffer {
  return bytes.subarray(offset - start, offset - start + length)
}
