import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { CostMeter } from '../../../pipeline/worker/cost-meter.ts'
import { type Meter, TimeMeter } from '../../../pipeline/worker/meter.ts'

const METERS: Readonly<Record<string, () => Meter>> = {
  time: () => new TimeMeter(),
  costs: () => new CostMeter(),
}
/** What holds on to values, so that they are made. */
let held: unknown

for (const [name, open] of Object.entries(METERS))
  describe(`a meter of ${name}`, () => {
    test('books to each node what it does itself, and to nobody what is done outside', async () => {
      const meter = open()
      const started = process.hrtime.bigint()
      meter.enter(1, 10)
      meter.enter(2, 10)
      await setTimeout(60)
      meter.leave()
      meter.enter(2, 3)
      meter.leave()
      meter.leave()
      const booked = meter.take()
      const elapsed = Number(process.hrtime.bigint() - started)
      assert.equal(booked[1]!.rows, 10)
      assert.equal(booked[2]!.rows, 13)
      assert.ok(booked[2]!.nanoseconds > booked[1]!.nanoseconds)
      assert.ok(booked[1]!.nanoseconds + booked[2]!.nanoseconds <= elapsed)
    })

    test('begins anew when it is read', () => {
      const meter = open()
      meter.enter(1, 1)
      meter.leave()
      meter.take()
      assert.deepEqual(meter.take(), {})
    })
  })

describe('a meter of costs', () => {
  /** Makes arrays that are garbage a moment later, many times what the young generation holds. */
  const ARRAYS = 50
  const SLOTS = 200_000
  const makeGarbage = () => {
    for (let at = 0; at < ARRAYS; at++) held = new Array(SLOTS).fill(at)
  }

  test('counts what is allocated, collected or not, within a fifth', () => {
    const meter = new CostMeter()
    meter.enter(1, 1)
    makeGarbage()
    meter.leave()
    assert.ok(held)
    const slot = meter.take()[1]!.costs!.allocatedBytes / (ARRAYS * SLOTS)
    // 4 where V8 is built to compress pointers
    assert.ok(Math.abs(slot - 8) < 1.6 || Math.abs(slot - 4) < 0.8, `${slot} bytes a slot`)
  })

  test('books nothing that an inner node allocates to the outer one', () => {
    const meter = new CostMeter()
    meter.enter(1, 1)
    meter.enter(2, 1)
    makeGarbage()
    meter.leave()
    meter.leave()
    const { 1: outer, 2: inner } = meter.take()
    assert.ok(inner!.costs!.allocatedBytes > ARRAYS * SLOTS)
    assert.ok(outer!.costs!.allocatedBytes < 100_000, `${outer!.costs!.allocatedBytes} bytes for nothing`)
  })

  test('sees that a node that sleeps has no processor', async () => {
    const meter = new CostMeter()
    meter.enter(1, 1)
    await setTimeout(200)
    meter.leave()
    const { nanoseconds, costs } = meter.take()[1]!
    assert.ok(costs!.cpuNanoseconds < nanoseconds / 2)
  })

  test('adds up the bytes that nodes are given', () => {
    const meter = new CostMeter()
    meter.touch(1, () => 40)
    meter.enter(1, 1)
    meter.leave()
    meter.touch(1, () => 2)
    assert.equal(meter.take()[1]!.costs!.touchedBytes, 42)
    // Nobody else asks for them.
    const other: Meter = new TimeMeter()
    other.touch(1, () => assert.fail('asked'))
  })
})
