/** Texts of up to this many bytes are worth remembering: roles, names of tools, ids, paths. */
export const LONGEST_WORD = 32
const SLOT_BITS = 10
const SLOTS = 1 << SLOT_BITS

/**
 * The strings of short texts that were decoded before. Few words make up most short texts, and finding one again is
 * cheaper than decoding it; that the same bytes give the same string also makes looking it up in a Map cheap.
 * Direct-mapped: a text has one slot, and takes it from whichever held it.
 */
export class WordCache {
  readonly #bytes = new Uint8Array(SLOTS * LONGEST_WORD)
  readonly #lengths = new Uint8Array(SLOTS)
  readonly #words: string[] = new Array(SLOTS).fill('')

  /** The text of bytes [address, address + length), of LONGEST_WORD bytes at most. */
  decode(bytes: Buffer, address: number, length: number): string {
    const end = address + length
    let hash = length
    for (let at = address; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, HASH_PRIME)
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1)
    if (this.#lengths[slot] === length && this.#holds(slot, bytes, address, length)) return this.#words[slot]!
    const word = bytes.toString('utf8', address, end)
    this.#lengths[slot] = length
    this.#bytes.set(bytes.subarray(address, end), slot * LONGEST_WORD)
    this.#words[slot] = word
    return word
  }

  #holds(slot: number, bytes: Buffer, address: number, length: number): boolean {
    const kept = slot * LONGEST_WORD
    for (let at = 0; at < length; at++) if (this.#bytes[kept + at] !== bytes[address + at]) return false
    return true
  }
}

/** FNV's for 32 bits. */
const HASH_PRIME = 0x01000193
