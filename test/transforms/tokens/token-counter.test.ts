import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { get_encoding } from '@dqbd/tiktoken'
import fc from 'fast-check'
import { ENCODING_NAMES } from '../../../transforms/tokens/encodings.ts'
import { loadRanks } from '../../../transforms/tokens/load-ranks.ts'
import { openCounter, type TokenCounter } from '../../../transforms/tokens/token-counter.ts'
import { fuzzText, seeded } from './fuzz-texts.ts'

const FUZZ_TEXTS = 60_000
const FUZZ_SEED = 20_240_513

const encoder = new TextEncoder()

const countEncoded = (counter: TokenCounter, text: string): number => {
  const bytes = encoder.encode(text)
  return counter.countBytes(bytes, 0, bytes.length)
}

for (const encoding of ENCODING_NAMES) {
  const ranks = loadRanks(encoding)
  const open = (): TokenCounter => openCounter({ encoding, ranks })

  test(`${encoding} counts ${FUZZ_TEXTS} fuzz texts as @dqbd/tiktoken does, from a string and from bytes`, () => {
    const oracle = get_encoding(encoding)
    const counter = open()
    const random = seeded(FUZZ_SEED)
    for (let index = 0; index < FUZZ_TEXTS; index++) {
      const text = fuzzText(random)
      const expected = oracle.encode_ordinary(text).length
      assert.equal(counter.count(text), expected, `text ${index}: ${JSON.stringify(text)}`)
      assert.equal(countEncoded(counter, text), expected, `bytes of text ${index}: ${JSON.stringify(text)}`)
    }
    oracle.free()
  })

  test(`${encoding} counts hostile texts as Python tiktoken does`, () => {
    const path = new URL('golden-counts.jsonl', import.meta.url)
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
    const column = 2 + (JSON.parse(header!) as { encodings: string[] }).encodings.indexOf(encoding)
    assert.ok(column >= 2 && lines.length > 6000)
    const counter = open()
    for (const line of lines) {
      const golden = JSON.parse(line) as [text: string, times: number, ...counts: number[]]
      assert.equal(counter.count(golden[0].repeat(golden[1])), golden[column], line)
    }
  })

  test(`${encoding} counts a text the same after any other texts, and next to any other bytes`, () => {
    const random = seeded(7)
    const worn = open()
    const texts = Array.from({ length: 200 }, () => fuzzText(random))
    for (const text of texts) worn.count(text)
    const parts = texts.map((text) => encoder.encode(text))
    const joined = Buffer.concat(parts)
    let start = 0
    for (const [index, text] of texts.entries()) {
      const end = start + parts[index]!.length
      const expected = open().count(text)
      assert.equal(worn.count(text), expected, JSON.stringify(text))
      assert.equal(
        worn.countBytes(joined, start, end),
        expected,
        `${JSON.stringify(text)} between its neighbours`,
      )
      start = end
    }
  })

  test(`${encoding} counts any bytes as at least one token, at most one a byte, whatever lies around them`, () => {
    const counter = open()
    const anyBytes = fc.uint8Array({ maxLength: 40 })
    const sequencesCutShort = fc
      .tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(8), fc.uint8Array({ maxLength: 3 }))
      .map(([text, cut, rest]) => new Uint8Array(Buffer.concat([encoder.encode(text).subarray(cut), rest])))
    fc.assert(
      fc.property(fc.oneof(anyBytes, sequencesCutShort), anyBytes, anyBytes, (bytes, before, after) => {
        const tokens = counter.countBytes(bytes, 0, bytes.length)
        assert.ok(tokens <= bytes.length && tokens >= Math.min(1, bytes.length))
        const surrounded = Buffer.concat([before, bytes, after])
        assert.equal(counter.countBytes(surrounded, before.length, before.length + bytes.length), tokens)
      }),
      { numRuns: 3000, seed: 1 },
    )
  })

  test(`${encoding} counts the empty text as none and a lone surrogate as U+FFFD`, () => {
    const counter = open()
    assert.equal(counter.count(''), 0)
    assert.equal(counter.countBytes(encoder.encode('abc'), 2, 2), 0)
    assert.equal(counter.count('a\ud83d'), counter.count('a\ufffd'))
    assert.equal(counter.count('\ude00\ud83d.'), counter.count('\ufffd\ufffd.'))
  })

  test(`${encoding} counts what looks like a special token as text`, () => {
    assert.ok(open().count('<|endoftext|>') > 1)
  })

  test(`${encoding} counts a text of megabytes as its bytes, and as the sum of paragraphs that can't join`, () => {
    const counter = open()
    const paragraph = 'A line of prose, 1234 long; then some code: `x += y[i]`, and 中文 too.'
    const text = `${paragraph}\n`.repeat(20_000)
    assert.equal(counter.count(text), countEncoded(counter, text))
    assert.equal(counter.count(text), counter.count(`${paragraph}\n`) * 20_000)
  })

  test(`${encoding} takes no more memory the more different pieces it has counted`, () => {
    const counter = open()
    const random = seeded(3)
    const letters = Uint8Array.from({ length: 2 ** 19 }, () => 97 + random(26))
    for (let index = 0, piece = 1; index < letters.length; index += piece) {
      letters[index] = 0x20
      piece = 2 + random(60)
    }
    counter.countBytes(letters, 0, 1000)
    const before = process.memoryUsage().arrayBuffers
    const tokens = counter.countBytes(letters, 0, letters.length)
    assert.ok(process.memoryUsage().arrayBuffers <= before)
    assert.equal(counter.countBytes(letters, 0, letters.length), tokens)
  })
}

test('a counter refuses the ranks of another encoding', () => {
  assert.throws(
    () => openCounter({ encoding: 'o200k_base', ranks: loadRanks('r50k_base') }),
    /the ranks are those of r50k_base, the counter is for o200k_base/,
  )
})
