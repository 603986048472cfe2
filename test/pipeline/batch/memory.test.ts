import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Block, Memory } from '../../../pipeline/batch/memory.ts'

describe('the memory', () => {
  test('never hands out a byte twice, keeps what is written, and counts what is live', () => {
    const step = fc.record({ size: fc.nat(300_000), free: fc.option(fc.nat()) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new Memory()
        const live: { block: Block; mark: number }[] = []
        steps.forEach(({ size, free }, mark) => {
          const block = memory.allocate(size)
          assert.ok(block.address > 0 && block.size >= size)
          memory.bytes.fill(mark, block.address, block.address + block.size)
          live.push({ block, mark })
          if (free === null) return
          const [gone] = live.splice(free % live.length, 1)
          memory.free(gone!.block)
        })
        for (const { block, mark } of live)
          assert.ok(
            memory.bytes.subarray(block.address, block.address + block.size).every((byte) => byte === mark),
          )
        for (const { block } of live) memory.free(block)
        assert.equal(memory.live, 0)
      }),
      { numRuns: 40 },
    )
  })

  test('joins freed neighbours: blocks of growing sizes do not use it up', () => {
    const memory = new Memory()
    let before = memory.allocate(1_000_000)
    for (let size = 1_000_000; size < 9_000_000; size += 10_000) {
      const next = memory.allocate(size)
      memory.free(before)
      before = next
    }
    assert.ok(memory.bytes.length < 60_000_000, `it has ${memory.bytes.length} bytes`)
  })

  test('refuses what does not fit 32-bit addresses, and goes on', () => {
    const memory = new Memory()
    assert.throws(() => memory.allocate(2 ** 32), RangeError)
    assert.ok(memory.allocate(10).address > 0)
  })
})
