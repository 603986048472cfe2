import { cl100kPieceEnd } from './cl100k-pieces.ts'
import { type EncodingName, PIECE_RULES, type PieceRule } from './encodings.ts'
import { gpt2PieceEnd } from './gpt2-pieces.ts'
import { loadRanks } from './load-ranks.ts'
import { LongPieceCache } from './long-piece-cache.ts'
import { countLongPiece } from './merge-long-piece.ts'
import { LONGEST_SCANNED_PIECE, ShortPieceMerge } from './merge-short-piece.ts'
import { o200kPieceEnd } from './o200k-pieces.ts'
import { hashBytes, NO_RANK, type RankTable, rankOf } from './rank-table.ts'
import { SHORT_PIECE, ShortPieceCache, wordAt } from './short-piece-cache.ts'

/**
 * Counts the tokens of texts in one encoding, exactly as many as Python tiktoken's `encode_ordinary` returns: what looks
 * like a special token is ordinary text. Time is linear in the text but for a logarithm in the length of its longest
 * piece. A counter remembers pieces, in a few megabytes that don't grow, and is for one thread; what it remembers
 * changes its speed and never a count.
 */
export interface TokenCounter {
  readonly encoding: EncodingName
  /** Tokens of a string; a lone surrogate counts as U+FFFD, as in Python tiktoken. */
  count(text: string): number
  /**
   * Tokens of the UTF-8 text bytes[start, end); bytes outside the range are not looked at.
   * In invalid UTF-8 a byte that begins no sequence counts as a symbol like a punctuation mark: the count is the same
   * every time and between 1 and the number of bytes, and has no counterpart in Python.
   */
  countBytes(bytes: Uint8Array, start: number, end: number): number
}

/** Where the piece that starts at `start` ends, `start` < result <= `end`. */
type PieceEnd = (bytes: Uint8Array, start: number, end: number) => number

const PIECE_ENDS: Readonly<Record<PieceRule, PieceEnd>> = {
  gpt2: gpt2PieceEnd,
  cl100k: cl100kPieceEnd,
  o200k: o200kPieceEnd,
}

// A UTF-16 code unit takes at most three bytes of UTF-8.
const BYTES_PER_CODE_UNIT = 3
const KEPT_TEXT_BYTES = 2 ** 20

const MIDDLE_PIECE = 16
const LONG_PIECE = 128

/** Opens a counter. `ranks`, those of the same encoding, spares it from loading its own. */
export function openCounter(options: { encoding: EncodingName; ranks?: RankTable }): TokenCounter {
  const { encoding, ranks = loadRanks(encoding) } = options
  if (ranks.encoding !== encoding) {
    throw new TypeError(`the ranks are those of ${ranks.encoding}, the counter is for ${encoding}`)
  }
  return new PieceCachedCounter(encoding, ranks)
}

class PieceCachedCounter implements TokenCounter {
  readonly encoding: EncodingName
  readonly #ranks: RankTable
  readonly #pieceEnd: PieceEnd
  readonly #shortMerge: ShortPieceMerge
  readonly #shortPieces = new ShortPieceCache()
  readonly #middlePieces = new LongPieceCache({ longestPiece: MIDDLE_PIECE, slots: 2 ** 15 })
  readonly #longPieces = new LongPieceCache({ longestPiece: LONG_PIECE, slots: 2 ** 13 })
  readonly #encoder = new TextEncoder()
  readonly #text = new Uint8Array(KEPT_TEXT_BYTES)

  constructor(encoding: EncodingName, ranks: RankTable) {
    this.encoding = encoding
    this.#ranks = ranks
    this.#pieceEnd = PIECE_ENDS[PIECE_RULES[encoding]]
    this.#shortMerge = new ShortPieceMerge(ranks)
  }

  count(text: string): number {
    if (text.length * BYTES_PER_CODE_UNIT > KEPT_TEXT_BYTES) {
      const bytes = this.#encoder.encode(text)
      return this.countBytes(bytes, 0, bytes.length)
    }
    return this.countBytes(this.#text, 0, this.#encoder.encodeInto(text, this.#text).written)
  }

  countBytes(bytes: Uint8Array, start: number, end: number): number {
    let tokens = 0
    let piece = start
    const pieceEnd = this.#pieceEnd
    while (piece < end) {
      const next = pieceEnd(bytes, piece, end)
      tokens += this.#countPiece(bytes, piece, next)
      piece = next
    }
    return tokens
  }

  #countPiece(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length === 1) return 1
    if (length > SHORT_PIECE) return this.#countLongerPiece(bytes, start, end)
    const low = wordAt(bytes, start, length)
    const high = length > 4 ? wordAt(bytes, start + 4, length - 4) : 0
    const known = this.#shortPieces.get(low, high, length)
    if (known > 0) return known
    const count = this.#countNewPiece(bytes, start, end)
    this.#shortPieces.set(low, high, length, count)
    return count
  }

  #countLongerPiece(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length > LONG_PIECE) return this.#countNewPiece(bytes, start, end)
    const pieces = length > MIDDLE_PIECE ? this.#longPieces : this.#middlePieces
    const hash = hashBytes(bytes, start, end)
    const known = pieces.get(bytes, start, end, hash)
    if (known > 0) return known
    const count = this.#countNewPiece(bytes, start, end)
    pieces.set(bytes, start, end, hash, count)
    return count
  }

  #countNewPiece(bytes: Uint8Array, start: number, end: number): number {
    if (rankOf(this.#ranks, bytes, start, end) !== NO_RANK) return 1
    return end - start > LONGEST_SCANNED_PIECE
      ? countLongPiece(this.#ranks, bytes, start, end)
      : this.#shortMerge.count(bytes, start, end)
  }
}
