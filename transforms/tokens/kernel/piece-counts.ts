import { scratch } from './host'
import { equal, hashOfBytes, hashOfHalves, hashOfKey, shortKey } from './hash'
import {
  base,
  LONG_PIECE_BITS,
  LONG_PIECE_SLOT,
  LONG_PIECES,
  LONGEST_KEPT,
  MERGE,
  MERGE_SIZE,
  MIDDLE_PIECE_BITS,
  MIDDLE_PIECES,
  SHORT_PIECE_BEHIND_BITS,
  SHORT_PIECE_BITS,
  SHORT_PIECES,
  SHORT_PIECES_BEHIND,
} from './memory-map'
import { countLongPiece, scratchFor } from './merge-long'
import { countShortPiece, LONGEST_SCANNED_PIECE } from './merge-short'
import { NO_RANK, rankOf, rankOfMiddle, rankOfShort } from './tokens'

/*
 * The counts of pieces that were met. Every table is direct-mapped: a piece has one slot in it and takes it from
 * whichever held it, so memory is what it is, and what is remembered follows the text.
 */

/** Counts of short pieces are at most 8, and take the lowest bits of their slot. */
const COUNT_BITS: u64 = 4

/** Tokens of the piece. */
@inline
export function countPiece(piece: usize, length: u32): u32 {
  if (length > 8) return countLongerPiece(piece, length)
  const key = shortKey(piece, length)
  const hash = hashOfKey(key)
  const slot = base + SHORT_PIECES + (<usize>(hash >> (64 - SHORT_PIECE_BITS)) << 3)
  const difference = load<u64>(slot) ^ identity(hash, SHORT_PIECE_BITS, length)
  if (difference >> COUNT_BITS == 0) return <u32>difference
  return countShortPieceBehind(piece, length, key, hash, slot)
}

function countShortPieceBehind(piece: usize, length: u32, key: u64, hash: u64, slot: usize): u32 {
  const behind = base + SHORT_PIECES_BEHIND + (<usize>(hash >> (64 - SHORT_PIECE_BEHIND_BITS)) << 3)
  const wanted = identity(hash, SHORT_PIECE_BEHIND_BITS, length)
  const difference = load<u64>(behind) ^ wanted
  let count: u32
  if (difference >> COUNT_BITS == 0) count = <u32>difference
  else {
    count = length == 1 || rankOfShort(key, length) != NO_RANK ? 1 : countShortPiece(piece, length)
    store<u64>(behind, wanted | count)
  }
  store<u64>(slot, identity(hash, SHORT_PIECE_BITS, length) | count)
  return count
}

/**
 * What tells a short piece from every other one of its slot, above room for its count. The hash of a key is the
 * product with an odd number, so no two keys share one; its highest `bits` choose the slot, and the rest stands here.
 * Length is never 0: no piece is taken for an empty slot.
 */
@inline
function identity(hash: u64, bits: u64, length: u32): u64 {
  return (hash << bits) | (<u64>length << COUNT_BITS)
}

function countLongerPiece(piece: usize, length: u32): u32 {
  if (length > 16) return countLongestPiece(piece, length)
  const first = load<u64>(piece)
  const last = load<u64>(piece + length - 8)
  const hash = hashOfHalves(first, last)
  const slot = base + MIDDLE_PIECES + (<usize>(hash >> (64 - MIDDLE_PIECE_BITS)) << 5)
  if (load<u64>(slot) == first && load<u64>(slot, 8) == last && load<u32>(slot, 16) == length)
    return load<u32>(slot, 20)
  const count = rankOfMiddle(first, last, length) != NO_RANK ? 1 : countShortPiece(piece, length)
  store<u64>(slot, first)
  store<u64>(slot, last, 8)
  store<u32>(slot, length, 16)
  store<u32>(slot, count, 20)
  return count
}

function countLongestPiece(piece: usize, length: u32): u32 {
  if (length > LONGEST_KEPT) return countNewPiece(piece, length)
  const hash = hashOfBytes(piece, length)
  const slot = base + LONG_PIECES + <usize>(hash >> (64 - LONG_PIECE_BITS)) * LONG_PIECE_SLOT
  if (load<u32>(slot) == length && equal(piece, slot + 8, length)) return load<u32>(slot, 4)
  const count = countNewPiece(piece, length)
  store<u32>(slot, length)
  store<u32>(slot, count, 4)
  memory.copy(slot + 8, piece, length)
  return count
}

function countNewPiece(piece: usize, length: u32): u32 {
  if (rankOf(piece, length) != NO_RANK) return 1
  if (length <= LONGEST_SCANNED_PIECE) return countShortPiece(piece, length)
  const needed = scratchFor(length)
  return countLongPiece(piece, length, needed <= MERGE_SIZE ? base + MERGE : scratch(needed))
}
