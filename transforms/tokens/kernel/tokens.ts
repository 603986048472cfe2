import { equal, hashOfBytes, hashOfHalves, hashOfKey, shortKey } from './hash'
import {
  base,
  LONG_FILTER,
  LONG_FILTER_BITS,
  LONG_TOKEN_BITS,
  LONG_TOKENS,
  LONGEST_TOKEN,
  MIDDLE_TOKEN_BITS,
  MIDDLE_TOKENS,
  PAIR_RANKS,
  SHORT_FILTER,
  SHORT_FILTER_BITS,
  SHORT_TOKEN_BITS,
  SHORT_TOKENS,
  TOKEN_BYTES,
} from './memory-map'

/** What a lookup answers for bytes that are no token: it sorts after every rank. */
export const NO_RANK: u32 = u32.MAX_VALUE

const SHORT_SLOT: usize = 16
const LONG_SLOT: usize = 24

/** only while tokens are put in: what is needed later lies in the memory, and with it in the image */
let tokenBytesEnd: usize = 0

/** The rank of a token of two bytes. */
export function rankOfPair(piece: usize): u32 {
  return load<u32>(base + PAIR_RANKS + (<usize>load<u16>(piece) << 2)) - 1
}

/** The rank of the token, NO_RANK if these bytes are no token. */
export function rankOf(piece: usize, length: u32): u32 {
  return length <= 8
    ? rankOfShort(shortKey(piece, length), length)
    : length <= 16
      ? rankOfMiddle(load<u64>(piece), load<u64>(piece + length - 8), length)
      : rankOfLong(piece, length)
}

export function rankOfShort(key: u64, length: u32): u32 {
  const hash = hashOfKey(key)
  if (!isSet(SHORT_FILTER, hash >> (64 - SHORT_FILTER_BITS))) return NO_RANK
  let slot = <usize>(hash >> (64 - SHORT_TOKEN_BITS))
  while (true) {
    const at = base + SHORT_TOKENS + slot * SHORT_SLOT
    const slotLength = load<u32>(at, 8)
    if (slotLength == length && load<u64>(at) == key) return load<u32>(at, 12)
    if (slotLength == 0) return NO_RANK
    slot = (slot + 1) & ((1 << <usize>SHORT_TOKEN_BITS) - 1)
  }
}

export function rankOfMiddle(first: u64, last: u64, length: u32): u32 {
  const hash = hashOfHalves(first, last)
  if (!isSet(LONG_FILTER, hash >> (64 - LONG_FILTER_BITS))) return NO_RANK
  let slot = <usize>(hash >> (64 - MIDDLE_TOKEN_BITS))
  while (true) {
    const at = base + MIDDLE_TOKENS + slot * LONG_SLOT
    const slotLength = load<u32>(at, 16)
    if (slotLength == length && load<u64>(at) == first && load<u64>(at, 8) == last) return load<u32>(at, 20)
    if (slotLength == 0) return NO_RANK
    slot = (slot + 1) & ((1 << <usize>MIDDLE_TOKEN_BITS) - 1)
  }
}

function rankOfLong(piece: usize, length: u32): u32 {
  if (length > load<u32>(base + LONGEST_TOKEN)) return NO_RANK
  const hash = hashOfBytes(piece, length)
  if (!isSet(LONG_FILTER, hash >> (64 - LONG_FILTER_BITS))) return NO_RANK
  let slot = <usize>(hash >> (64 - LONG_TOKEN_BITS))
  while (true) {
    const at = base + LONG_TOKENS + slot * LONG_SLOT
    const slotLength = load<u32>(at, 12)
    if (slotLength == length && load<u64>(at) == hash && equal(piece, base + load<u32>(at, 8), length))
      return load<u32>(at, 16)
    if (slotLength == 0) return NO_RANK
    slot = (slot + 1) & ((1 << <usize>LONG_TOKEN_BITS) - 1)
  }
}

/** Puts a token in; each is put in once. */
export function addToken(token: usize, length: u32, rank: u32): void {
  if (length == 2) store<u32>(base + PAIR_RANKS + (<usize>load<u16>(token) << 2), rank + 1)
  if (length <= 8) addShort(shortKey(token, length), length, rank)
  else if (length <= 16) addMiddle(load<u64>(token), load<u64>(token + length - 8), length, rank)
  else addLong(token, length, rank)
}

function addShort(key: u64, length: u32, rank: u32): void {
  const hash = hashOfKey(key)
  set(SHORT_FILTER, hash >> (64 - SHORT_FILTER_BITS))
  let slot = <usize>(hash >> (64 - SHORT_TOKEN_BITS))
  while (load<u32>(base + SHORT_TOKENS + slot * SHORT_SLOT, 8) != 0)
    slot = (slot + 1) & ((1 << <usize>SHORT_TOKEN_BITS) - 1)
  const at = base + SHORT_TOKENS + slot * SHORT_SLOT
  store<u64>(at, key)
  store<u32>(at, length, 8)
  store<u32>(at, rank, 12)
}

function addMiddle(first: u64, last: u64, length: u32, rank: u32): void {
  const hash = hashOfHalves(first, last)
  set(LONG_FILTER, hash >> (64 - LONG_FILTER_BITS))
  let slot = <usize>(hash >> (64 - MIDDLE_TOKEN_BITS))
  while (load<u32>(base + MIDDLE_TOKENS + slot * LONG_SLOT, 16) != 0)
    slot = (slot + 1) & ((1 << <usize>MIDDLE_TOKEN_BITS) - 1)
  const at = base + MIDDLE_TOKENS + slot * LONG_SLOT
  store<u64>(at, first)
  store<u64>(at, last, 8)
  store<u32>(at, length, 16)
  store<u32>(at, rank, 20)
}

function addLong(token: usize, length: u32, rank: u32): void {
  const hash = hashOfBytes(token, length)
  set(LONG_FILTER, hash >> (64 - LONG_FILTER_BITS))
  let slot = <usize>(hash >> (64 - LONG_TOKEN_BITS))
  while (load<u32>(base + LONG_TOKENS + slot * LONG_SLOT, 12) != 0)
    slot = (slot + 1) & ((1 << <usize>LONG_TOKEN_BITS) - 1)
  const at = base + LONG_TOKENS + slot * LONG_SLOT
  const offset = TOKEN_BYTES + tokenBytesEnd
  memory.copy(base + offset, token, length)
  tokenBytesEnd += length
  store<u64>(at, hash)
  store<u32>(at, <u32>offset, 8)
  store<u32>(at, length, 12)
  store<u32>(at, rank, 16)
  store<u32>(base + LONGEST_TOKEN, max(load<u32>(base + LONGEST_TOKEN), length))
}

function isSet(filter: usize, bit: u64): bool {
  return ((<u32>load<u8>(base + filter + <usize>(bit >> 3)) >> (<u32>bit & 7)) & 1) != 0
}

function set(filter: usize, bit: u64): void {
  const at = base + filter + <usize>(bit >> 3)
  store<u8>(at, <u32>load<u8>(at) | (1 << (<u32>bit & 7)))
}
