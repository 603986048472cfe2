import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { median, spreadOf } from '../../../pipeline/bench/spread.ts'

test('quartiles lie between the two nearest values', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { min: 1, q1: 1.75, median: 2.5, q3: 3.25, max: 4 })
  assert.deepEqual(spreadOf([7]), { min: 7, q1: 7, median: 7, q3: 7, max: 7 })
  assert.equal(median([9, 1, 5]), 5)
})

test('the five numbers come in order and the values are left alone', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
      const before = values.slice()
      const { min, q1, median, q3, max } = spreadOf(values)
      assert.deepEqual(values, before)
      assert.ok(min <= q1 && q1 <= median && median <= q3 && q3 <= max)
    }),
  )
})
