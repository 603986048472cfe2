import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { closestWord, editDistance } from '../../pipeline/closest-word.ts'

const KEYS = ['maxTokens', 'minLines', 'maxLines', 'resolved', 'languages', 'licenses']

describe('the word that was meant', () => {
  for (const [written, meant] of [
    ['maxToken', 'maxTokens'],
    ['max_tokens', 'maxTokens'],
    ['maxTokesn', 'maxTokens'],
    ['resolvd', 'resolved'],
    ['RESOLVED', 'resolved'],
    ['lang', 'languages'],
    ['zebra', null],
    ['', null],
  ] as const)
    test(`'${written}' is ${meant ?? 'none of them'}`, () => assert.equal(closestWord(written, KEYS), meant))
})

/** The textbook's table, whole. */
function wholeTable(one: string, other: string): number {
  const table = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  )
  for (let i = 1; i <= one.length; i++)
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1
      let least = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + cost)
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, table[i - 2]![j - 2]! + 1)
      table[i]![j] = least
    }
  return table[one.length]![other.length]!
}

test('the distance equals that of the whole table, up to where it stops counting', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 })
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 10 }), (one, other, enough) => {
      assert.equal(editDistance(one, other, enough), Math.min(enough, wholeTable(one, other)))
    }),
    { numRuns: 2000 },
  )
})
