import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ENCODING_NAMES } from '../../../transforms/tokens/encodings.ts'
import { loadRanks } from '../../../transforms/tokens/load-ranks.ts'
import { countLongPiece } from '../../../transforms/tokens/merge-long-piece.ts'
import { LONGEST_SCANNED_PIECE, ShortPieceMerge } from '../../../transforms/tokens/merge-short-piece.ts'
import { PairQueue, positionOfPair, rankOfPair } from '../../../transforms/tokens/pair-queue.ts'
import { NO_RANK, type RankTable, rankOf } from '../../../transforms/tokens/rank-table.ts'

/** Byte-pair merge word for word as it is defined, on parts that are strings of bytes. */
function countByDefinition(table: RankTable, piece: Uint8Array): number {
  const parts = Array.from(piece, (byte) => Uint8Array.of(byte))
  for (;;) {
    let lowest = NO_RANK
    let left = -1
    for (let part = 0; part + 1 < parts.length; part++) {
      const pair = Buffer.concat([parts[part]!, parts[part + 1]!])
      const rank = rankOf(table, pair, 0, pair.length)
      if (rank < lowest) {
        lowest = rank
        left = part
      }
    }
    if (left < 0) return parts.length
    parts.splice(left, 2, new Uint8Array(Buffer.concat([parts[left]!, parts[left + 1]!])))
  }
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const pieces = fc
  .oneof(
    fc.uint8Array({ minLength: 2, maxLength: LONGEST_SCANNED_PIECE }),
    fc
      .string({ unit: fc.constantFrom(...'etaoinshrdlu'), minLength: 2, maxLength: LONGEST_SCANNED_PIECE })
      .map(utf8),
    fc.string({ unit: fc.constantFrom(...'ab='), minLength: 2, maxLength: LONGEST_SCANNED_PIECE }).map(utf8),
    fc.string({ unit: fc.constantFrom(...'的一是不了人'), minLength: 1, maxLength: 40 }).map(utf8),
  )
  .filter((piece) => piece.length >= 2)

for (const encoding of ENCODING_NAMES) {
  test(`${encoding}: both ways of merging a piece leave as many tokens as the definition`, () => {
    const table = loadRanks(encoding)
    const short = new ShortPieceMerge(table)
    fc.assert(
      fc.property(pieces, fc.nat(3), (piece, offset) => {
        const bytes = new Uint8Array(offset + piece.length + 4).fill(0x65)
        bytes.set(piece, offset)
        const expected = countByDefinition(table, piece)
        assert.equal(short.count(bytes, offset, offset + piece.length), expected)
        assert.equal(countLongPiece(table, bytes, offset, offset + piece.length), expected)
      }),
      { numRuns: 400, seed: 1 },
    )
  })
}

test('a pair queue gives back the pairs by rank, then by position, whatever order they came in', () => {
  const ranks = fc.nat(2 ** 18)
  const positions = fc.nat(2 ** 32 - 1)
  fc.assert(
    fc.property(fc.array(fc.tuple(ranks, positions), { maxLength: 200 }), (pairs) => {
      const queue = new PairQueue(1)
      for (const [rank, position] of pairs) queue.push(rank, position)
      const popped = Array.from(pairs, () => queue.pop())
      assert.equal(queue.size, 0)
      assert.deepEqual(
        popped.map((pair) => [rankOfPair(pair), positionOfPair(pair)]),
        pairs.toSorted(([rankA, a], [rankB, b]) => rankA - rankB || a - b),
      )
    }),
    { seed: 1 },
  )
})
