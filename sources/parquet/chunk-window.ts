import type { ByteSource } from './byte-source.ts'

/** Read along with a page, because the next page's header follows it. */
const READ_AHEAD = 16 << 10
const MIN_READ = 64 << 10

/** The bytes of a column chunk, read in pieces as pages are asked for, one piece held at a time. */
export class ChunkWindow {
  readonly #source: ByteSource
  readonly #end: number
  readonly #leastRead: number
  #held: Buffer = Buffer.alloc(0)
  #heldAt = 0

  /** `leastRead` is read at a time at least. */
  constructor(source: ByteSource, end: number, leastRead = MIN_READ) {
    this.#source = source
    this.#end = end
    this.#leastRead = leastRead
  }

  /** `length` bytes from `offset`, which must lie in the chunk. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    const from = offset - this.#heldAt
    if (from < 0 || from + length > this.#held.length) {
      const ahead = Math.min(READ_AHEAD, this.#leastRead)
      const wanted = Math.min(Math.max(length + ahead, this.#leastRead), this.#end - offset)
      this.#held = await this.#source.read(offset, wanted)
      this.#heldAt = offset
    }
    return this.#held.subarray(offset - this.#heldAt, offset - this.#heldAt + length)
  }
}
