import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { portableObject } from '../../../transforms/emit/portable-object.ts'

test('an object stays as recorded: order and repetition of keys, spelling of numbers, escapes', () => {
  for (const text of [
    '{}',
    '{"b": 1.0, "a": 1e2, "1": -0}',
    '{"a":1,"a":2}',
    '{"__proto__":{"a":1}}',
    '{"text":"\\u00e9\\ud83d\\ude00 \\\\ud83d \\"{[\\" 12345678901234567890"}',
    '{"n":123456789012345678}',
  ])
    assert.equal(portableObject(text), text)
})

test('white space between tokens becomes one line', () => {
  assert.equal(portableObject('\n{\r\n\t"a" : [1,\n\n2]\n}\n'), '{ "a" : [1, 2] }')
})

test('what is not a JSON object is refused', () => {
  for (const text of ['', 'null', '"text"', '12', '[{"a":1}]', 'ls -la', '{"a":', "{'a':1}", '{"a":"\n"}'])
    assert.equal(portableObject(text), null, text)
})

test('objects that readers of JSON would change are refused', () => {
  for (const text of [
    '{"n":1234567890123456789}',
    '{"n":[1,-12345678901234567890]}',
    '{"half":"\\ud83d"}',
    '{"half":"\\ude00\\ud83d"}',
    '{"half":"\\\\\\ud83d"}',
    '{"halves apart":"\\ud83d\\n\\ude00"}',
    '{"raw half":"\ud83d"}',
    `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`,
    `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ])
    assert.equal(portableObject(text), null, text.slice(0, 60))
})

test('any object of strings and small numbers is taken, on one line, with the same value', () => {
  const values = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null))
  const objects = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(values, fc.array(values)))
  fc.assert(
    fc.property(objects, fc.constantFrom(undefined, 2, '\t'), (object, indent) => {
      const text = portableObject(JSON.stringify(object, null, indent))
      assert.ok(text !== null && !/[\n\r]/.test(text))
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(object)))
    }),
  )
})

test('a string is a half surrogate pair exactly when its value is not well formed', () => {
  const units = fc.constantFrom(
    '\\ud83d',
    '\\ude00',
    '\\\\',
    '\\n',
    'ud83d',
    'a',
    '\\u0041',
    '\\uD83D',
    '\\uDE00',
  )
  fc.assert(
    fc.property(fc.array(units, { maxLength: 6 }), (pieces) => {
      const text = `{"a":"${pieces.join('')}"}`
      assert.equal(portableObject(text) !== null, JSON.parse(text).a.isWellFormed())
    }),
    { numRuns: 2_000 },
  )
})
