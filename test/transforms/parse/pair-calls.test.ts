import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Dialogue, NONE, pairCalls } from '../../../transforms/parse/pair-calls.ts'

/** What the agent asks for in one turn, and the observations before its next: ids, null for none. */
interface Exchange {
  readonly calls: readonly (string | null)[]
  readonly observations: readonly (string | null)[]
}

type Notation = readonly (readonly [calls: string, observations: string])[]

/** Exchanges from a short notation: a list of [ids of calls, ids carried by observations], `-` for no id. */
function exchanges(notation: Notation): Exchange[] {
  const ids = (letters: string) => [...letters].map((letter) => (letter === '-' ? null : letter))
  return notation.map(([calls, observations]) => ({ calls: ids(calls), observations: ids(observations) }))
}

/** Every exchange is a message of the agent's and its observations. */
function dialogue(given: readonly Exchange[]): Dialogue {
  const calls = given.flatMap((exchange) => exchange.calls)
  const messages = given.flatMap(({ calls, observations }) => [
    { agent: true, calls: calls.length, answers: null },
    ...observations.map((answers) => ({ agent: false, calls: 0, answers })),
  ])
  const firstCall = new Int32Array(messages.length + 1)
  for (const [message, made] of messages.entries()) firstCall[message + 1] = firstCall[message]! + made.calls
  return {
    messages: messages.length,
    firstCall,
    isAgent: (message) => messages[message]!.agent,
    isObservation: (message) => !messages[message]!.agent,
    callId: (call) => calls[call]!,
    answers: (message) => messages[message]!.answers,
  }
}

/** The pairs of message and call, in the order of the messages. */
const pairs = (...notation: Notation): number[][] => {
  const { callOf, answeredBy } = pairCalls(dialogue(exchanges(notation)))
  const found = [...callOf.entries()].filter(([, call]) => call !== NONE)
  const byCall = [...answeredBy.entries()].filter(([, message]) => message !== NONE)
  assert.deepEqual(
    new Set(byCall.map(([call, message]) => `${message} ${call}`)),
    new Set(found.map(([message, call]) => `${message} ${call}`)),
  )
  return found
}

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
      const { callOf } = pairCalls(dialogue(exchanges(notation)))
      const answered = [...callOf].filter((call) => call !== NONE)
      assert.equal(new Set(answered).size, answered.length)
      let open = 0
      let made = 0
      let message = 0
      for (const [calls, observations] of notation) {
        message++
        open += calls.length
        made += calls.length
        const found = callOf.subarray(message, message + observations.length).filter((call) => call !== NONE)
        assert.equal(found.length, Math.min(open, observations.length))
        assert.ok(found.every((call) => call < made))
        open -= found.length
        message += observations.length
      }
    }),
  )
})

test('a hundred thousand calls with one id are paired', () => {
  const many = 'a'.repeat(100_000)
  assert.equal(pairs([many, many]).length, many.length)
  assert.equal(pairs([many, ''], ['', many]).length, many.length)
})
