import { NO_RANK, rankOf, rankOfPair } from './tokens'

/** What merging needs for each byte of a piece: start and rank, links to both sides, four entries of the heap. */
const SCRATCH_PER_BYTE: usize = 16 + 32
const SCRATCH_PADDING: usize = 64

export function scratchFor(length: u32): usize {
  return <usize>length * SCRATCH_PER_BYTE + SCRATCH_PADDING
}

const NONE: u32 = u32.MAX_VALUE

/**
 * Tokens of a piece of any length: the joins of ../merge-long-piece.ts in the same order. Sweeps over all parts join
 * every pair of the lowest rank at once, as long as that rank is frequent, as in runs of one character; the rest goes
 * through a heap. Linear but for the heap's logarithm.
 */
export function countLongPiece(piece: usize, length: u32, scratch: usize): u32 {
  const starts = scratch
  const ranks = starts + (((<usize>length + 1) << 2) as usize)
  for (let at: u32 = 0; at < length; at++) {
    store<u32>(starts + (at << 2), at)
    store<u32>(ranks + (at << 2), at + 1 < length ? rankOfPair(piece + at) : NO_RANK)
  }
  store<u32>(starts + (length << 2), length)
  let parts = length
  while (true) {
    let lowest = NO_RANK
    let times: u32 = 0
    for (let at: u32 = 0; at < parts; at++) {
      const rank = load<u32>(ranks + (at << 2))
      if (rank < lowest) {
        lowest = rank
        times = 0
      }
      if (rank == lowest) times++
    }
    if (lowest == NO_RANK) return parts
    if (times << 4 < parts) break
    parts = sweep(piece, length, starts, ranks, parts, lowest)
  }
  const heapScratch = (ranks + (<usize>length << 2) + 7) & ~7
  return mergeByHeap(piece, length, starts, ranks, parts, heapScratch)
}

/**
 * Joins pairs of the lowest rank from left to right, until a join makes a pair of a rank that is lower still: that
 * one is first then. Answers the number of parts that are left.
 */
function sweep(piece: usize, length: u32, starts: usize, ranks: usize, parts: u32, lowest: u32): u32 {
  let kept: u32 = 0
  let at: u32 = 0
  let lower = false
  while (at < parts) {
    const start = load<u32>(starts + (at << 2))
    let rank = load<u32>(ranks + (at << 2))
    if (rank == lowest && !lower) {
      const following = load<u32>(starts + ((at + 2) << 2))
      if (kept > 0) {
        const before = starts + ((kept - 1) << 2)
        const joined = rankOf(piece + load<u32>(before), following - load<u32>(before))
        store<u32>(ranks + ((kept - 1) << 2), joined)
        if (joined < lowest) lower = true
      }
      rank = NO_RANK
      if (at + 2 < parts) {
        rank = rankOf(piece + start, load<u32>(starts + ((at + 3) << 2)) - start)
        if (rank < lowest) lower = true
      }
      at += 2
    } else {
      at++
    }
    store<u32>(starts + (kept << 2), start)
    store<u32>(ranks + (kept << 2), rank)
    kept++
  }
  store<u32>(starts + (kept << 2), length)
  return kept
}

/** Parts are named by their index after the sweeps; a heap holds rank << 32 | index. */
function mergeByHeap(piece: usize, length: u32, starts: usize, ranks: usize, count: u32, scratch: usize): u32 {
  const heap = scratch
  const next = heap + (<usize>count << 5)
  const previous = next + (<usize>(count + 1) << 2)
  let size: u32 = 0
  for (let at: u32 = 0; at < count; at++) {
    store<u32>(next + (at << 2), at + 1)
    store<u32>(previous + (at << 2), at - 1)
    const rank = load<u32>(ranks + (at << 2))
    if (rank != NO_RANK) push(heap, size++, (<u64>rank << 32) | at)
  }
  let parts = count
  while (size > 0) {
    const pair = load<u64>(heap)
    size--
    if (size > 0) sink(heap, size, load<u64>(heap + (size << 3)))
    const left = <u32>pair
    // A join changes or removes its neighbours' pairs; what the heap still says of them is out of date.
    if (load<u32>(ranks + (left << 2)) != <u32>(pair >> 32)) continue
    const right = load<u32>(next + (left << 2))
    const following = load<u32>(next + (right << 2))
    store<u32>(next + (left << 2), following)
    if (following < count) store<u32>(previous + (following << 2), left)
    store<u32>(ranks + (right << 2), NO_RANK)
    parts--
    size = rankAnew(piece, length, starts, ranks, next, count, heap, size, left)
    const before = load<u32>(previous + (left << 2))
    if (before != NONE) size = rankAnew(piece, length, starts, ranks, next, count, heap, size, before)
  }
  return parts
}

/** Ranks the pair whose left part is `left`; answers the heap's new size. */
function rankAnew(
  piece: usize,
  length: u32,
  starts: usize,
  ranks: usize,
  next: usize,
  count: u32,
  heap: usize,
  size: u32,
  left: u32,
): u32 {
  const right = load<u32>(next + (left << 2))
  let rank = NO_RANK
  if (right < count) {
    const start = load<u32>(starts + (left << 2))
    const after = load<u32>(next + (right << 2))
    const end = after < count ? load<u32>(starts + (after << 2)) : length
    rank = rankOf(piece + start, end - start)
  }
  store<u32>(ranks + (left << 2), rank)
  if (rank == NO_RANK) return size
  push(heap, size, (<u64>rank << 32) | left)
  return size + 1
}

function push(heap: usize, size: u32, pair: u64): void {
  let at = size
  while (at > 0) {
    const parent = (at - 1) >> 1
    const held = load<u64>(heap + (parent << 3))
    if (held <= pair) break
    store<u64>(heap + (at << 3), held)
    at = parent
  }
  store<u64>(heap + (at << 3), pair)
}

/** Puts a pair in at the top, in place of the one that was taken out. */
function sink(heap: usize, size: u32, pair: u64): void {
  let at: u32 = 0
  while (true) {
    let child: u32 = 2 * at + 1
    if (child >= size) break
    let least = load<u64>(heap + (child << 3))
    if (child + 1 < size) {
      const other = load<u64>(heap + ((child + 1) << 3))
      if (other < least) {
        least = other
        child++
      }
    }
    if (least >= pair) break
    store<u64>(heap + (at << 3), least)
    at = child
  }
  store<u64>(heap + (at << 3), pair)
}
