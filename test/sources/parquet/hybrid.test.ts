import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeHybrid } from '../../../sources/parquet/hybrid.ts'
import { PageError } from '../../../sources/parquet/page-error.ts'

/** Encodes runs of either kind, least significant bit first. */
function encode(
  runs: readonly { readonly packed: boolean; readonly values: readonly number[] }[],
  width: number,
): Buffer {
  const bytes: number[] = []
  const varint = (value: number): void => {
    for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
    bytes.push(value)
  }
  for (const { packed, values } of runs) {
    if (!packed) {
      varint(values.length * 2)
      for (let i = 0; i < Math.ceil(width / 8); i++) bytes.push(Math.floor(values[0]! / 2 ** (8 * i)) % 256)
      continue
    }
    varint((values.length / 8) * 2 + 1)
    const bits = values
      .map((value) => value.toString(2).padStart(width, '0'))
      .reverse()
      .join('')
    for (let end = bits.length; end > 0; end -= 8) bytes.push(Number.parseInt(bits.slice(end - 8, end), 2))
  }
  return Buffer.from(bytes)
}

describe('the hybrid of runs and packed bits', () => {
  test('decodes what was encoded, at every width', () => {
    const scenario = fc.integer({ min: 1, max: 32 }).chain((width) => {
      const value = fc.integer({ min: 0, max: 2 ** width - 1 })
      const eights = fc.array(fc.array(value, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 })
      const packed = eights.map((groups) => ({ packed: true, values: groups.flat() }))
      const run = fc
        .tuple(value, fc.integer({ min: 1, max: 300 }))
        .map(([one, times]) => ({ packed: false, values: new Array<number>(times).fill(one) }))
      return fc.tuple(fc.constant(width), fc.array(fc.oneof(packed, run), { minLength: 1, maxLength: 6 }))
    })
    fc.assert(
      fc.property(scenario, fc.nat(7), fc.nat(), ([width, runs], spare, pick) => {
        const bytes = encode(runs, width)
        const values = runs.flatMap((run) => run.values)
        const decode = (count: number): number[] => {
          const out = new Uint32Array(count)
          decodeHybrid(bytes, 0, bytes.length, width, out, count)
          return [...out]
        }
        const count = values.length - (runs.at(-1)!.packed ? spare : 0)
        assert.deepEqual(decode(count), values.slice(0, count))
        const least = values.length - (runs.at(-1)!.packed ? 7 : 0)
        for (const wrong of [values.length + 1, pick % least]) assert.throws(() => decode(wrong), PageError)
      }),
    )
  })

  test('refuses a count that leaves more than the padding: the header of the page would lie', () => {
    const packed = encode([{ packed: true, values: new Array<number>(24).fill(1) }], 1)
    const decode = (bytes: Buffer, count: number): void =>
      decodeHybrid(bytes, 0, bytes.length, 1, new Uint8Array(count), count)
    decode(packed, 20)
    assert.throws(() => decode(packed, 16), /a run has 8 values more than the 16/)
    assert.throws(() => decode(Buffer.concat([packed, packed]), 20), /bytes are left after 20 values/)
    const run = encode([{ packed: false, values: new Array<number>(20).fill(1) }], 1)
    assert.throws(() => decode(run, 19), /a run has 1 values more than the 19/)
  })

  test('takes the blocks of 256 that DuckDB packs, whatever is behind the last value', () => {
    const block = encode([{ packed: true, values: Array.from({ length: 256 }, (_, i) => i % 2) }], 1)
    const out = new Uint8Array(5)
    decodeHybrid(block, 0, block.length, 1, out, 5)
    assert.deepEqual([...out], [0, 1, 0, 1, 0])
  })

  test('refuses a run of a value wider than its values: a boolean is 0 or 1', () => {
    assert.throws(() => decodeHybrid(Buffer.from([8, 2]), 0, 2, 1, new Uint8Array(4), 4), /a run of 2/)
  })

  test('ends on any bytes, within them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(33), fc.nat(2_000), (bytes, width, count) => {
        try {
          decodeHybrid(bytes, 0, bytes.length, width, new Uint32Array(count), count)
        } catch (error) {
          assert.ok(error instanceof PageError)
        }
      }),
    )
  })
})
