import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LongPieceCache } from '../../../transforms/tokens/long-piece-cache.ts'
import { ShortPieceCache } from '../../../transforms/tokens/short-piece-cache.ts'

test('a long piece is known by its bytes until another takes its slot', () => {
  const cache = new LongPieceCache({ longestPiece: 16, slots: 1 })
  const bytes = Buffer.from('--first piece--, other piece, first piece')
  cache.set(bytes, 2, 13, 5, 3)
  assert.equal(cache.get(bytes, 2, 13, 5), 3)
  assert.equal(cache.get(bytes, bytes.length - 11, bytes.length, 5), 3)
  assert.equal(cache.get(bytes, 2, 12, 5), 0)
  assert.equal(cache.get(bytes, 17, 28, 5), 0)
  cache.set(bytes, 17, 28, 5, 2)
  assert.equal(cache.get(bytes, 17, 28, 5), 2)
  assert.equal(cache.get(bytes, 2, 13, 5), 0)
})

test('a short piece is known by its bytes and its length, so that trailing zero bytes tell pieces apart', () => {
  const cache = new ShortPieceCache()
  cache.set(0x61, 0, 1, 1)
  cache.set(0x61, 0, 2, 2)
  assert.equal(cache.get(0x61, 0, 2), 2)
  assert.equal(cache.get(0x61, 0, 3), 0)
  assert.equal(cache.get(0x62, 0, 1), 0)
})

test('a cache of short pieces never answers with the count of another piece', () => {
  const cache = new ShortPieceCache()
  const countOf = (low: number, length: number): number => 1 + ((low ^ length) & 7)
  for (let low = 0; low < 300_000; low++)
    cache.set(low, low >>> 7, 5 + (low & 3), countOf(low, 5 + (low & 3)))
  let known = 0
  for (let low = 0; low < 300_000; low++) {
    const length = 5 + (low & 3)
    const count = cache.get(low, low >>> 7, length)
    if (count !== 0) {
      known++
      assert.equal(count, countOf(low, length))
    }
  }
  assert.ok(known > 30_000 && known < 300_000)
})
