import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Tiktoken } from '@dqbd/tiktoken'
import { TIKTOKEN_VERSION, UNICODE_VERSION } from '../../../transforms/tokens/unicode-class-runs.ts'
import * as classes from '../../../transforms/tokens/unicode-classes.ts'

const { CLASS_OF_CODE_POINT, LOWER, UPPER, CASELESS, MARK, NUMBER, SPACE, NEWLINE, OTHER } = classes
const PYTHON = process.env.SLUICE_PYTHON ?? 'python3'
const folder = new URL('../../../transforms/tokens/', import.meta.url)

function installedTiktoken(): string | undefined {
  try {
    const program = 'import tiktoken; print(tiktoken.__version__)'
    return execFileSync(PYTHON, ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}

const installed = installedTiktoken()
const skip =
  installed === TIKTOKEN_VERSION
    ? false
    : `${PYTHON} has ${installed ? `tiktoken ${installed}` : 'no tiktoken'}; the runs come from ${TIKTOKEN_VERSION}`

test('the class runs are what their script derives from Python tiktoken', { skip }, () => {
  const script = fileURLToPath(new URL('unicode-class-runs.py', folder))
  const derived = execFileSync(PYTHON, [script], { encoding: 'utf8' })
  assert.equal(readFileSync(new URL('unicode-class-runs.ts', folder), 'utf8'), derived)
})

test('the regex engine of @dqbd/tiktoken puts every code point in the same class', () => {
  const patterns = new Map([
    [LOWER, '\\p{Ll}'],
    [UPPER, '[\\p{Lu}\\p{Lt}]'],
    [CASELESS, '[\\p{Lm}\\p{Lo}]'],
    [MARK, '\\p{M}'],
    [NUMBER, '\\p{N}'],
    [SPACE, '[^\\S\\r\\n]'],
    [NEWLINE, '[\\r\\n]'],
    [OTHER, '[^\\s\\p{L}\\p{M}\\p{N}]'],
  ])
  const scalars = Array.from(CLASS_OF_CODE_POINT.keys()).filter((point) => point < 0xd800 || point > 0xdfff)
  const text = scalars.map((point) => String.fromCodePoint(point)).join('')
  const everyByte = Array.from({ length: 256 }, (_, byte) => Buffer.of(byte).toString('base64'))
  for (const [characterClass, pattern] of patterns) {
    // What its pattern doesn't match, an encoding leaves out; here each byte left is a token whose id is the byte.
    const encoding = new Tiktoken(`! 0 ${everyByte.join(' ')}`, {}, pattern)
    const matched = Buffer.from(encoding.encode_ordinary(text)).toString()
    encoding.free()
    const expected = scalars.filter((point) => CLASS_OF_CODE_POINT[point] === characterClass)
    assert.ok(matched === expected.map((point) => String.fromCodePoint(point)).join(''), pattern)
  }
})

test('every code point has exactly one class', () => {
  assert.equal(CLASS_OF_CODE_POINT.length, 0x110000)
  const single = new Set([LOWER, UPPER, CASELESS, MARK, NUMBER, SPACE, NEWLINE, OTHER])
  assert.equal(single.size, 8)
  assert.ok(CLASS_OF_CODE_POINT.every((characterClass) => single.has(characterClass)))
})

test('white space is that of Unicode, not that of JavaScript', () => {
  assert.equal(CLASS_OF_CODE_POINT[0x85], SPACE)
  assert.equal(CLASS_OF_CODE_POINT[0xfeff], OTHER)
  assert.equal(CLASS_OF_CODE_POINT[0x180e], OTHER)
  const white = [...CLASS_OF_CODE_POINT.entries()].filter(([, found]) => (found & classes.WHITE) !== 0)
  assert.equal(white.length, 25)
})

test('the classes follow the Unicode version of the reference', () => {
  assert.equal(UNICODE_VERSION, '16.0')
  // A Garay digit came with 16.0; Sidetic letters came with 17.0, which also moved U+0295 to the letters without case.
  assert.equal(CLASS_OF_CODE_POINT[0x10d40], NUMBER)
  assert.equal(CLASS_OF_CODE_POINT[0x10940], OTHER)
  assert.equal(CLASS_OF_CODE_POINT[0x295], LOWER)
})
