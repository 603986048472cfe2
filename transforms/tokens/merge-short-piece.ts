import { NO_RANK, type RankTable, rankOf } from './rank-table.ts'

/** The longest piece, in bytes, that is merged by looking through all pairs for the lowest rank each time. */
export const LONGEST_SCANNED_PIECE = 128

/**
 * Byte-pair merge as it is defined: while any two neighbouring parts make a token, join the two whose token has the
 * lowest rank, the leftmost first. Quadratic in the length of a piece, and the quickest way for short ones.
 */
export class ShortPieceMerge {
  readonly #table: RankTable
  /** where each part starts, and at [parts] where the piece ends */
  readonly #starts = new Int32Array(LONGEST_SCANNED_PIECE + 2)
  /** the rank of each part joined with the next */
  readonly #ranks = new Int32Array(LONGEST_SCANNED_PIECE + 1)

  constructor(table: RankTable) {
    this.#table = table
  }

  /** Tokens of the piece bytes[start, end), which is longer than a byte and no longer than LONGEST_SCANNED_PIECE. */
  count(bytes: Uint8Array, start: number, end: number): number {
    const table = this.#table
    const starts = this.#starts
    const ranks = this.#ranks
    let parts = end - start
    for (let part = 0; part < parts; part++) {
      starts[part] = start + part
      ranks[part] =
        part + 1 < parts ? table.pairRanks[(bytes[start + part]! << 8) | bytes[start + part + 1]!]! : NO_RANK
    }
    starts[parts] = end
    for (;;) {
      let lowest = 0
      for (let part = 1; part < parts; part++) {
        if (ranks[part]! < ranks[lowest]!) lowest = part
      }
      if (ranks[lowest] === NO_RANK) return parts
      parts--
      for (let part = lowest + 1; part < parts; part++) {
        starts[part] = starts[part + 1]!
        ranks[part] = ranks[part + 1]!
      }
      starts[parts] = end
      ranks[lowest] =
        lowest + 1 < parts ? rankOf(table, bytes, starts[lowest]!, starts[lowest + 2]!) : NO_RANK
      if (lowest > 0) ranks[lowest - 1] = rankOf(table, bytes, starts[lowest - 1]!, starts[lowest + 1]!)
    }
  }
}
