import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Exchange, pairCalls } from '../../../transforms/parse/pair-calls.ts'

/** Exchanges from a short notation: a list of [ids of calls, ids carried by observations], `-` for no id. */
function exchanges(...notation: (readonly [string, string])[]): Exchange[] {
  let message = 0
  let index = 0
  const id = (letter: string): string | null => (letter === '-' ? null : letter)
  return notation.map(([calls, observations]) => {
    message++
    return {
      calls: [...calls].map((letter) => ({ index: index++, id: id(letter) })),
      observations: [...observations].map((letter) => ({ message: message++, callId: id(letter) })),
    }
  })
}

const pairs = (...notation: (readonly [string, string])[]): number[][] => [
  ...pairCalls(exchanges(...notation)),
]

test('without ids the observations answer the calls of the turn in order', () => {
  assert.deepEqual(pairs(['--', '--'], ['-', '-']), [
    [1, 0],
    [2, 1],
    [4, 2],
  ])
})

test('an id on the observation chooses the call, whatever the order', () => {
  assert.deepEqual(pairs(['ab', 'ba']), [
    [1, 1],
    [2, 0],
  ])
})

test('an id that two open calls share chooses none: the oldest is answered, and then the id is good again', () => {
  assert.deepEqual(pairs(['aa', 'aa']), [
    [1, 0],
    [2, 1],
  ])
})

test('a call left open in mid-run does not take the observation of a later one', () => {
  assert.deepEqual(pairs(['-', ''], ['-', '-'], ['-', '-']), [
    [2, 1],
    [4, 2],
  ])
})

test('observations beyond the calls of their turn answer calls left open earlier, oldest first', () => {
  assert.deepEqual(pairs(['-', ''], ['-', '--'], ['--', '-'], ['-', '--']), [
    [2, 0],
    [3, 1],
    [5, 2],
    [7, 3],
    [8, 4],
  ])
})

test('an observation without any open call answers nothing', () => {
  assert.deepEqual(pairs(['', '-'], ['-', '--']), [[3, 0]])
})

test('no call is answered twice, and as many observations are placed as calls are open', () => {
  const letters = (max: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: max })
  fc.assert(
    fc.property(fc.array(fc.tuple(letters(4), letters(4)), { maxLength: 12 }), (notation) => {
      const given = exchanges(...notation)
      const answers = pairCalls(given)
      assert.equal(new Set(answers.values()).size, answers.size)
      let open = 0
      let placed = 0
      for (const { calls, observations } of given) {
        open += calls.length
        const answered = observations.filter(({ message }) => answers.has(message)).length
        assert.equal(answered, Math.min(open, observations.length))
        open -= answered
        placed += answered
        const last = calls.at(-1)?.index ?? Number.POSITIVE_INFINITY
        for (const { message } of observations) assert.ok((answers.get(message) ?? 0) <= last)
      }
      assert.equal(placed, answers.size)
    }),
  )
})

test('a hundred thousand calls with one id are paired', () => {
  const many = 'a'.repeat(100_000)
  assert.equal(pairCalls(exchanges([many, many])).size, many.length)
  assert.equal(pairCalls(exchanges([many, ''], ['', many])).size, many.length)
})
