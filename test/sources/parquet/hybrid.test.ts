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
      fc.property(scenario, fc.nat(), ([width, runs], pick) => {
        const bytes = encode(runs, width)
        const values = runs.flatMap((run) => run.values)
        const count = pick % (values.length + 1)
        const out = new Uint32Array(count)
        decodeHybrid(bytes, 0, bytes.length, width, out, count)
        assert.deepEqual([...out], values.slice(0, count))
        const more = values.length + 1
        assert.throws(
          () => decodeHybrid(bytes, 0, bytes.length, width, new Uint32Array(more), more),
          PageError,
        )
      }),
    )
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
