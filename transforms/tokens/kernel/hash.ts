// 2^64 over the golden ratio, and another odd constant whose bits look random.
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15
const SECOND_MULTIPLIER: u64 = 0xd6e8feb86659fd93

/** The bytes of a piece of up to 8 bytes as one number. 8 bytes are read, whatever follows the piece is shifted out. */
@inline
export function shortKey(piece: usize, length: u32): u64 {
  return load<u64>(piece) << (((8 - length) << 3) as u64)
}

/** The high bits choose a slot. */
@inline
export function hashOfKey(key: u64): u64 {
  return key * MULTIPLIER
}

/** Of a piece of 9 to 16 bytes, by its first and its last 8, which overlap. */
@inline
export function hashOfHalves(first: u64, last: u64): u64 {
  const mixed = first * MULTIPLIER
  return (mixed ^ (mixed >> 29) ^ last) * SECOND_MULTIPLIER
}

/** Of a piece of more than 8 bytes. */
export function hashOfBytes(piece: usize, length: u32): u64 {
  let hash: u64 = length
  let at = piece
  const last = piece + length - 8
  while (at < last) {
    hash = (hash ^ load<u64>(at)) * MULTIPLIER
    hash ^= hash >> 32
    at += 8
  }
  hash = (hash ^ load<u64>(last)) * MULTIPLIER
  hash ^= hash >> 32
  return hash * SECOND_MULTIPLIER
}

/** Whether two texts of the same length, at least 8 bytes, are equal. */
export function equal(one: usize, other: usize, length: u32): bool {
  let at = one
  let against = other
  const last = one + length - 8
  while (at < last) {
    if (load<u64>(at) != load<u64>(against)) return false
    at += 8
    against += 8
  }
  return load<u64>(last) == load<u64>(other + length - 8)
}
