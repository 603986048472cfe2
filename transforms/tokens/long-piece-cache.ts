const META_WORDS = 2
const LENGTH = 0
const COUNT = 1

/**
 * The token counts of pieces of up to `longestPiece` bytes, with copies of their bytes.
 * Direct-mapped: a piece has one slot and takes it from whichever held it, so memory stays at
 * slots × (longestPiece + 8) bytes.
 */
export class LongPieceCache {
  readonly longestPiece: number
  readonly #slotMask: number
  readonly #meta: Int32Array
  readonly #copies: Uint8Array

  /** `slots` is a power of two. */
  constructor(options: { longestPiece: number; slots: number }) {
    this.longestPiece = options.longestPiece
    this.#slotMask = options.slots - 1
    this.#meta = new Int32Array(options.slots * META_WORDS)
    this.#copies = new Uint8Array(options.slots * options.longestPiece)
  }

  /** Tokens of the piece bytes[start, end), 0 if they aren't known. */
  get(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slot = hash & this.#slotMask
    const length = end - start
    if (this.#meta[slot * META_WORDS + LENGTH] !== length) return 0
    const copies = this.#copies
    let copy = slot * this.longestPiece
    for (let index = start; index < end; index++, copy++) {
      if (copies[copy] !== bytes[index]) return 0
    }
    return this.#meta[slot * META_WORDS + COUNT]!
  }

  set(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    const slot = hash & this.#slotMask
    let copy = slot * this.longestPiece
    for (let index = start; index < end; index++, copy++) this.#copies[copy] = bytes[index]!
    this.#meta[slot * META_WORDS + LENGTH] = end - start
    this.#meta[slot * META_WORDS + COUNT] = count
  }
}
