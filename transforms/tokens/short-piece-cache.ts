/** The longest piece, in bytes, that a `ShortPieceCache` holds. */
export const SHORT_PIECE = 8

const SLOT_BITS = 16
const SLOT_SHIFT = 2
const LOW = 0
const HIGH = 1
const LENGTH = 2
const COUNT = 3

// 2^32 over the golden ratio, and a constant of MurmurHash3's last mixing step: odd, with bits that look random.
const LOW_MULTIPLIER = 0x9e3779b1
const HIGH_MULTIPLIER = 0x85ebca6b

/**
 * The token counts of pieces of up to 8 bytes, found by their bytes, which fit two words.
 * Direct-mapped: a piece has one slot and takes it from whichever held it, so memory stays at 1 MB.
 */
export class ShortPieceCache {
  readonly #slots = new Int32Array(1 << (SLOT_BITS + SLOT_SHIFT))

  /** Tokens of the piece, 0 if they aren't known. */
  get(low: number, high: number, length: number): number {
    const slots = this.#slots
    const slot = slotOf(low, high, length)
    return slots[slot + LOW] === low && slots[slot + HIGH] === high && slots[slot + LENGTH] === length
      ? slots[slot + COUNT]!
      : 0
  }

  set(low: number, high: number, length: number, count: number): void {
    const slot = slotOf(low, high, length)
    this.#slots[slot + LOW] = low
    this.#slots[slot + HIGH] = high
    this.#slots[slot + LENGTH] = length
    this.#slots[slot + COUNT] = count
  }
}

/** Bytes [start, start + length) as a word, the first lowest; length may be anything, what lies past a word is left out. */
export function wordAt(bytes: Uint8Array, start: number, length: number): number {
  switch (length) {
    case 0:
      return 0
    case 1:
      return bytes[start]!
    case 2:
      return bytes[start]! | (bytes[start + 1]! << 8)
    case 3:
      return bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16)
    default:
      return bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
  }
}

function slotOf(low: number, high: number, length: number): number {
  const hash = Math.imul(low, LOW_MULTIPLIER) ^ Math.imul(high + length, HIGH_MULTIPLIER)
  return ((hash ^ (hash >>> 15)) >>> (32 - SLOT_BITS)) << SLOT_SHIFT
}
