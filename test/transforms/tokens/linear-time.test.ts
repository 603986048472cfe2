import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENCODING_NAMES } from '../../../transforms/tokens/encodings.ts'
import { loadRanks } from '../../../transforms/tokens/load-ranks.ts'
import { countLongPiece } from '../../../transforms/tokens/merge-long-piece.ts'
import { PairQueue } from '../../../transforms/tokens/pair-queue.ts'
import { openCounter } from '../../../transforms/tokens/token-counter.ts'

const HOSTILE = [
  'a',
  'A',
  ' ',
  '=',
  '\n',
  ' \n',
  '0',
  "'",
  '/',
  'ab',
  'aB',
  '😀',
  '中',
  '\u0301',
  'A\u0301',
  'ǅ',
  '\ud800',
]
// Below this, a piece goes through caches or the merge for short pieces.
const BYTES = 1500
const TIMES_LONGER = 8

/** The same bytes, with every look at one of them counted. */
function watched(bytes: Uint8Array): { bytes: Uint8Array; looks: () => number } {
  let looks = 0
  const proxy = new Proxy(bytes, {
    get(target, property) {
      if (typeof property === 'string' && property >= '0' && property <= '9~') looks++
      return Reflect.get(target, property, target)
    },
  })
  return { bytes: proxy, looks: () => looks }
}

class CountingQueue extends PairQueue {
  calls = 0
  override push(rank: number, position: number): void {
    this.calls++
    super.push(rank, position)
  }
  override pop(): number {
    this.calls++
    return super.pop()
  }
}

const repeated = (text: string, bytes: number): Uint8Array =>
  new TextEncoder().encode(text.repeat(Math.ceil(bytes / Buffer.byteLength(text))))

for (const encoding of ENCODING_NAMES) {
  const ranks = loadRanks(encoding)

  test(`${encoding} looks at a hostile text eight times longer eight times as often`, () => {
    for (const text of HOSTILE) {
      const looksAt = (length: number): number => {
        const { bytes, looks } = watched(repeated(text, length))
        openCounter({ encoding, ranks }).countBytes(bytes, 0, bytes.length)
        return looks()
      }
      const once = looksAt(BYTES)
      const longer = looksAt(BYTES * TIMES_LONGER)
      assert.ok(longer < once * TIMES_LONGER * 1.1, `${JSON.stringify(text)}: ${once} looks, then ${longer}`)
    }
  })

  test(`${encoding} puts at most three pairs a byte of a long piece through the queue`, () => {
    for (const text of HOSTILE) {
      const queue = new CountingQueue(1)
      const piece = repeated(text, BYTES)
      countLongPiece(ranks, piece, 0, piece.length, queue)
      assert.equal(queue.size, 0)
      assert.ok(queue.calls <= 2 * 3 * piece.length, `${JSON.stringify(text)}: ${queue.calls} calls`)
    }
  })
}

test('a piece of a million letters is counted', () => {
  assert.equal(openCounter({ encoding: 'cl100k_base' }).count('a'.repeat(1_000_000)), 125_000)
})
