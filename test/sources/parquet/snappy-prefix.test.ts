import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { snappyCompress } from 'hysnappy'
import { snappyLength, snappyPrefix } from '../../../sources/parquet/snappy-prefix.ts'

test('the beginning of Snappy data is the beginning of what was compressed, or too short to tell', () => {
  const repetitive = fc
    .array(fc.tuple(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 40 })), { maxLength: 30 })
    .map((parts) => Buffer.from(parts.map(([text, times]) => text.repeat(times)).join('')))
  fc.assert(
    fc.property(repetitive, fc.nat(3_000), fc.nat(3_000), (original, wanted, cut) => {
      const compressed = snappyCompress(original)
      assert.equal(snappyLength(compressed), original.length)
      const output = new Uint8Array(Math.min(wanted, original.length))
      assert.ok(snappyPrefix(compressed, output))
      assert.deepEqual(Buffer.from(output), original.subarray(0, output.length))
      const short = new Uint8Array(output.length)
      if (snappyPrefix(compressed.subarray(0, cut), short)) assert.deepEqual(short, output)
    }),
  )
})
