import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { columnsOf, fitEnd, fitStart, safeLine, safeText } from '../../../pipeline/cli/safe-text.ts'

describe('texts from data', () => {
  for (const [what, text, safe] of [
    ['escape sequences', '\u001b[31mred', '\\x1b[31mred'],
    ['returns, backspaces and line ends', 'a\rb\bc\nd\te', 'a\\rb\\x08c\\nd\\te'],
    ['C1 controls', '\u009b2J', '\\x9b2J'],
    ['marks that turn the direction', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['separators and byte order marks', '\u2028\ufeff', '\\u{2028}\\u{feff}'],
    ['tags', '\u{e0041}', '\\u{e0041}'],
    ['halves of pairs', 'x\ud83dy', 'x\\u{d83d}y'],
  ] as const)
    test(`${what} are spelt out`, () => assert.equal(safeLine(text), safe))

  test('letters of any script and emoji stay', () => {
    const text = 'naïve — 日本語 עברית 👩🏽‍🚀'
    assert.equal(safeLine(text), text)
  })

  test('line ends stay in texts of several lines', () =>
    assert.equal(safeText('a\n\u001bb\n'), 'a\n\\x1bb\n'))

  test('nothing that is unsafe is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        assert.doesNotMatch(safeLine(text), /\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('the room that a text takes', () => {
  test('is two columns for wide letters and emoji, none for marks', () => {
    assert.equal(columnsOf('abc'), 3)
    assert.equal(columnsOf('日本'), 4)
    assert.equal(columnsOf('e\u0301'), 1)
    assert.equal(columnsOf('🚀'), 2)
  })

  test('is never more than is allowed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.integer({ min: 2, max: 30 }),
        (text, columns) => {
          assert.ok(columnsOf(fitEnd(text, columns)) <= columns)
          assert.ok(columnsOf(fitStart(text, columns)) <= columns)
        },
      ),
    )
  })

  test('keeps the end of a path and the beginning of a word', () => {
    assert.equal(fitEnd('data/openhands/train.parquet', 14), '…train.parquet')
    assert.equal(fitStart('too_many_patch_lines', 9), 'too_many…')
  })
})
