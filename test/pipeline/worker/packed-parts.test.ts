import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Part } from '../../../pipeline/worker/bundle-result.ts'
import { buffersOf, packParts, partsOf } from '../../../pipeline/worker/packed-parts.ts'

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, Number.NaN, 2 ** 53))
const cells = fc.oneof(
  fc.array(number),
  fc.array(fc.option(number)),
  fc.array(fc.constant(null)),
  fc.array(fc.option(fc.oneof(number, fc.string({ unit: 'binary' }), fc.boolean()))),
)
const encoded = fc.record({
  bytes: fc.uint8Array().map((bytes) => Uint8Array.from(bytes)),
  ends: fc.array(fc.nat()).map((ends) => Float64Array.from(ends)),
})
const part: fc.Arbitrary<Part> = fc.record({
  node: fc.nat(),
  view: fc.constantFrom('kept', 'dropped', 'failed', 'every'),
  selected: fc.boolean(),
  sourceRows: fc.array(fc.option(fc.nat())),
  columns: fc.dictionary(fc.string(), cells, { noNullPrototype: true }),
  encoded: fc.option(encoded),
}) as fc.Arbitrary<Part>

test('parts come out as they were packed, cell for cell', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      assert.equal(partsOf(parts), parts)
      const wanted = structuredClone(parts)
      const packed = packParts(parts)
      const crossed = structuredClone(packed, { transfer: buffersOf(packed) })
      assert.deepEqual(partsOf(crossed), wanted)
    }),
  )
})
