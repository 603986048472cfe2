import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kernelsRun } from '../../../pipeline/batch/kernel.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { PageError } from '../../../sources/parquet/page-error.ts'
import { unsnappy, unsnappyByTwin } from '../../../sources/parquet/snappy.ts'
import { seeded } from '../../transforms/tokens/fuzz-texts.ts'

type Random = ReturnType<typeof seeded>

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]

/** Literals and copies of every form at random, as their bytes. The result's length comes first. */
function compressed(random: Random): Buffer {
  const elements: number[] = []
  let length = 0
  const literal = (count: number): void => {
    const bytes = Array.from({ length: count }, () => random(256))
    if (count <= 60) elements.push((count - 1) << 2)
    else if (count <= 256) elements.push(60 << 2, count - 1)
    else elements.push(61 << 2, (count - 1) & 255, (count - 1) >> 8)
    elements.push(...bytes)
    length += count
  }
  literal(1 + random(20))
  for (let element = random(30); element > 0; element--) {
    const offset = 1 + random(Math.min(length, random(3) === 0 ? length : 20))
    const form = random(4)
    if (form === 0) literal(1 + random(random(4) === 0 ? 700 : 70))
    else if (form === 1 && offset < 2048) {
      const count = 4 + random(8)
      elements.push(((offset >> 8) << 5) | ((count - 4) << 2) | 1, offset & 255)
      length += count
    } else {
      const count = 1 + random(64)
      const bytes = form === 2 ? 2 : 4
      elements.push(((count - 1) << 2) | (form === 2 ? 2 : 3))
      for (let byte = 0; byte < bytes; byte++) elements.push((offset >>> (8 * byte)) & 255)
      length += count
    }
  }
  return Buffer.from([...varint(length), ...elements])
}

function lengthOf(input: Buffer): number {
  let length = 0
  for (let at = 0, shift = 0; ; at++, shift += 7) {
    length += (input[at]! & 127) * 2 ** shift
    if (input[at]! < 128) return length
  }
}

const skip = kernelsRun ? false : 'kernels do not run here: no SIMD, or SLUICE_KERNELS=off'

test('the kernel gives what its twin gives, and writes nothing past the padding', { skip }, () => {
  const random = seeded(5)
  const memory = new Memory()
  const block = memory.allocate(1 << 16)
  const after = memory.allocate(4096)
  for (let round = 0; round < 20_000; round++) {
    const input = compressed(random)
    const size = lengthOf(input)
    const wanted = Buffer.alloc(size)
    unsnappyByTwin(input, wanted)
    memory.bytes.fill(7, after.address, after.address + after.size)
    unsnappy(input, memory, block.address + block.size - size, size)
    const address = block.address + block.size - size
    assert.ok(memory.bytes.subarray(address, address + size).equals(wanted), input.toString('hex'))
    assert.ok(memory.bytes.subarray(after.address, after.address + after.size).every((byte) => byte === 7))
  }
})

test('damaged data is refused or gives as many bytes as it declares, and touches nothing else', {
  skip,
}, () => {
  const random = seeded(6)
  const memory = new Memory()
  const before = memory.allocate(4096)
  const block = memory.allocate(1 << 16)
  const after = memory.allocate(4096)
  memory.bytes.fill(7, before.address, before.address + before.size)
  memory.bytes.fill(7, after.address, after.address + after.size)
  let refused = 0
  for (let round = 0; round < 20_000; round++) {
    const input = compressed(random)
    const size = lengthOf(input)
    const damaged = random(3) === 0 ? input.subarray(0, random(input.length)) : Buffer.from(input)
    if (damaged.length > 3) damaged[2 + random(damaged.length - 2)]! ^= 1 << random(8)
    try {
      unsnappy(damaged, memory, block.address + block.size - size, size)
    } catch (error) {
      assert.ok(error instanceof PageError, String(error))
      refused++
    }
    for (const { address, size: length } of [before, after])
      assert.ok(memory.bytes.subarray(address, address + length).every((byte) => byte === 7))
  }
  assert.ok(refused > 1000)
})
