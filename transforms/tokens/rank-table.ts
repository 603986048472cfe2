import type { EncodingName } from './encodings.ts'

/** What a lookup answers for bytes that are no token: it sorts after every rank. */
export const NO_RANK = 0x7fffffff

/**
 * The mergeable tokens of an encoding with their ranks, as plain typed arrays over SharedArrayBuffer: posting the table
 * to another thread shares it and copies nothing. Read-only once built.
 */
export interface RankTable {
  readonly encoding: EncodingName
  /** length in bytes of the longest token */
  readonly longestToken: number
  /** the bytes of all tokens, end to end */
  readonly tokenBytes: Uint8Array
  /** open-addressed hash table, SLOT_WORDS words a slot, a power of two of slots: hash, rank, offset, length (0: free) */
  readonly slots: Int32Array
  /** the rank of each two-byte token, at first byte << 8 | second byte; NO_RANK elsewhere */
  readonly pairRanks: Int32Array
}

const SLOT_SHIFT = 2
const SLOT_WORDS = 1 << SLOT_SHIFT
const HASH = 0
const RANK = 1
const OFFSET = 2
const LENGTH = 3

const MAX_LOAD = 0.5

const FNV_OFFSET_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Builds the table of an encoding's tokens: token n is bytes[offsets[n], offsets[n + 1]) and has the rank ranks[n]. */
export function buildRankTable(
  encoding: EncodingName,
  tokens: { bytes: Uint8Array; offsets: Int32Array; ranks: Int32Array },
): RankTable {
  const { bytes, offsets, ranks } = tokens
  const tokenBytes = new Uint8Array(new SharedArrayBuffer(bytes.length))
  tokenBytes.set(bytes)
  const slotCount = 2 ** Math.ceil(Math.log2(ranks.length / MAX_LOAD))
  const slots = new Int32Array(new SharedArrayBuffer(slotCount * SLOT_WORDS * Int32Array.BYTES_PER_ELEMENT))
  const pairRanks = new Int32Array(new SharedArrayBuffer(2 ** 16 * Int32Array.BYTES_PER_ELEMENT)).fill(
    NO_RANK,
  )
  let longestToken = 0
  for (let token = 0; token < ranks.length; token++) {
    const start = offsets[token]!
    const end = offsets[token + 1]!
    const rank = ranks[token]!
    const hash = hashBytes(tokenBytes, start, end)
    const slot = freeSlot(slots, hash)
    slots[slot + HASH] = hash
    slots[slot + RANK] = rank
    slots[slot + OFFSET] = start
    slots[slot + LENGTH] = end - start
    if (end - start === 2) pairRanks[(tokenBytes[start]! << 8) | tokenBytes[start + 1]!] = rank
    longestToken = Math.max(longestToken, end - start)
  }
  return { encoding, longestToken, tokenBytes, slots, pairRanks }
}

/** The rank of the token bytes[start, end), NO_RANK if these bytes are no token. Takes O(longestToken). */
export function rankOf(table: RankTable, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length > table.longestToken) return NO_RANK
  const { slots } = table
  const hash = hashBytes(bytes, start, end)
  let slot = firstSlot(slots, hash)
  for (;;) {
    const tokenLength = slots[slot + LENGTH]!
    if (tokenLength === 0) return NO_RANK
    if (slots[slot + HASH] === hash && tokenLength === length) {
      if (equalBytes(table.tokenBytes, slots[slot + OFFSET]!, bytes, start, length))
        return slots[slot + RANK]!
    }
    slot = nextSlot(slots, slot)
  }
}

/** Every token of a table with its rank, lowest rank first. */
export function tokensByRank(table: RankTable): [rank: number, token: Uint8Array][] {
  const { slots, tokenBytes } = table
  const tokens: [rank: number, token: Uint8Array][] = []
  for (let slot = 0; slot < slots.length; slot += SLOT_WORDS) {
    const length = slots[slot + LENGTH]!
    const offset = slots[slot + OFFSET]!
    if (length > 0) tokens.push([slots[slot + RANK]!, tokenBytes.subarray(offset, offset + length)])
  }
  return tokens.sort(([a], [b]) => a - b)
}

/** FNV-1a over bytes[start, end), its high bits folded down because a slot is chosen by the low ones. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET_BASIS
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, FNV_PRIME)
  return hash ^ (hash >>> 15)
}

function firstSlot(slots: Int32Array, hash: number): number {
  return (hash << SLOT_SHIFT) & (slots.length - 1)
}

function nextSlot(slots: Int32Array, slot: number): number {
  return (slot + SLOT_WORDS) & (slots.length - 1)
}

function freeSlot(slots: Int32Array, hash: number): number {
  let slot = firstSlot(slots, hash)
  while (slots[slot + LENGTH] !== 0) slot = nextSlot(slots, slot)
  return slot
}

function equalBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (a[aStart + index] !== b[bStart + index]) return false
  }
  return true
}
