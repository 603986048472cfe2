import type { ByteSource } from './byte-source.ts'

/** Read along with what is asked for: the next page's header follows a body. */
const ALONG = 4 << 10

/** The bytes of a column chunk, read in pieces as pages are asked for, one piece held at a time. */
export class ChunkWindow {
  readonly #source: ByteSource
  readonly #end: number
  readonly #along: number
  #held: Buffer = Buffer.alloc(0)
  #heldAt = 0

  /** `along` is read with what is asked for, as far as the chunk goes. */
  constructor(source: ByteSource, end: number, along = ALONG) {
    this.#source = source
    this.#end = end
    this.#along = along
  }

  /** `length` bytes from `offset`, which must lie in the chunk. */
  async bytes(offset: number, length: number, along = this.#along): Promise<Buffer> {
    const from = offset - this.#heldAt
    if (from < 0 || from + length > this.#held.length) {
      this.#held = await this.#source.read(offset, Math.min(length + along, this.#end - offset))
      this.#heldAt = offset
    }
    return this.#held.subarray(offset - this.#heldAt, offset - this.#heldAt + length)
  }
}
