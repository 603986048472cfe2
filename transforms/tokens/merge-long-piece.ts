import { PairQueue, positionOfPair, rankOfPair } from './pair-queue.ts'
import { NO_RANK, type RankTable, rankOf } from './rank-table.ts'

/**
 * Tokens of the piece bytes[start, end) by byte-pair merge, the same joins in the same order as `ShortPieceMerge` but
 * found through a queue: n log n in the length of the piece, with about 30 bytes of memory for each of its bytes, given
 * back on return. `queue` is empty.
 */
export function countLongPiece(
  table: RankTable,
  bytes: Uint8Array,
  start: number,
  end: number,
  queue: PairQueue = new PairQueue(end - start),
): number {
  const length = end - start
  // Parts are named by the position of their first byte, counted from the start of the piece.
  const next = new Int32Array(length)
  const previous = new Int32Array(length)
  const pairRank = new Int32Array(length).fill(NO_RANK)

  const rankPair = (position: number): void => {
    const second = next[position]!
    const rank = second < length ? rankOf(table, bytes, start + position, start + next[second]!) : NO_RANK
    pairRank[position] = rank
    if (rank !== NO_RANK) queue.push(rank, position)
  }

  for (let position = 0; position < length; position++) {
    next[position] = position + 1
    previous[position] = position - 1
  }
  for (let position = 0; position + 1 < length; position++) {
    const rank = table.pairRanks[(bytes[start + position]! << 8) | bytes[start + position + 1]!]!
    pairRank[position] = rank
    if (rank !== NO_RANK) queue.push(rank, position)
  }

  let parts = length
  while (queue.size > 0) {
    const pair = queue.pop()
    const position = positionOfPair(pair)
    // A join changes or removes its neighbours' pairs; what the queue still says of them is out of date.
    if (pairRank[position] !== rankOfPair(pair)) continue
    const joined = next[position]!
    const following = next[joined]!
    next[position] = following
    if (following < length) previous[following] = position
    pairRank[joined] = NO_RANK
    parts--
    rankPair(position)
    if (position > 0) rankPair(previous[position]!)
  }
  return parts
}
