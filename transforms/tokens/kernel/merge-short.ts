import { base, MERGE } from './memory-map'
import { NO_RANK, rankOf, rankOfPair } from './tokens'

/** The longest piece, in bytes, that is merged by looking through all pairs for the lowest rank each time. */
export const LONGEST_SCANNED_PIECE: u32 = 64

// Parts are named by the position of their first byte in the piece.
/** rank << 32 | position of each pair, so that the least is the lowest rank, leftmost first; all ones for no pair */
const PAIRS: usize = MERGE
const NEXT: usize = MERGE + 1024
const PREVIOUS: usize = MERGE + 1152

const NO_PAIR: u64 = u64.MAX_VALUE

/** Tokens of a piece of 2 to LONGEST_SCANNED_PIECE bytes: the joins of ../merge-short-piece.ts in the same order. */
export function countShortPiece(piece: usize, length: u32): u32 {
  const pairs = base + PAIRS
  const next = base + NEXT
  const previous = base + PREVIOUS
  const last = length - 1
  for (let at: u32 = 0; at < last; at++) {
    store<u64>(pairs + (at << 3), pairOf(rankOfPair(piece + at), at))
    store<u8>(next + at, at + 1)
    store<u8>(previous + at + 1, at)
  }
  store<u64>(pairs + (last << 3), NO_PAIR)
  store<u8>(next + last, length)
  store<u8>(next + length, length)
  let parts = length
  while (true) {
    let least = NO_PAIR
    for (let at: u32 = 0; at < last; at++) {
      const pair = load<u64>(pairs + (at << 3))
      least = pair < least ? pair : least
    }
    if (<u32>(least >> 32) == NO_RANK) return parts
    const left = <u32>least
    const right: u32 = load<u8>(next + left)
    const following: u32 = load<u8>(next + right)
    store<u8>(next + left, following)
    store<u8>(previous + following, left)
    store<u64>(pairs + (right << 3), NO_PAIR)
    parts--
    const rank = following < length ? rankOf(piece + left, <u32>load<u8>(next + following) - left) : NO_RANK
    store<u64>(pairs + (left << 3), pairOf(rank, left))
    if (left > 0) {
      const before: u32 = load<u8>(previous + left)
      store<u64>(pairs + (before << 3), pairOf(rankOf(piece + before, following - before), before))
    }
  }
}

function pairOf(rank: u32, position: u32): u64 {
  return (<u64>rank << 32) | position
}
