import { snappyUncompress } from 'hyparquet'
import { kernelsRun, openKernel } from '../../pipeline/batch/kernel.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import { PageError } from './page-error.ts'
import { snappyLength } from './snappy-prefix.ts'

/** kernel/snappy.ts */
interface SnappyKernel {
  unsnappy(from: number, length: number, to: number, size: number): number
}

const kernels = new WeakMap<Memory, SnappyKernel>()

function kernelIn(memory: Memory): SnappyKernel {
  let kernel = kernels.get(memory)
  if (!kernel) {
    kernel = openKernel<SnappyKernel>('snappy', memory)
    kernels.set(memory, kernel)
  }
  return kernel
}

/**
 * Decompresses Snappy to `size` bytes at `address` of the memory. Throws PageError when it is damaged or gives another
 * size.
 */
export function unsnappy(compressed: Buffer, memory: Memory, address: number, size: number): void {
  const declared = snappyLength(compressed)
  if (declared !== size) throw new PageError(`SNAPPY gives ${declared} bytes where the page declares ${size}`)
  if (!kernelsRun) {
    unsnappyByTwin(compressed, memory.bytes.subarray(address, address + size))
    return
  }
  const input = memory.allocate(compressed.length)
  try {
    memory.bytes.set(compressed, input.address)
    if (kernelIn(memory).unsnappy(input.address, compressed.length, address, size) !== size)
      throw new PageError('SNAPPY data is damaged')
  } finally {
    memory.free(input)
  }
}

/** hyparquet's decompressor in plain JavaScript, which the kernel is held to. */
export function unsnappyByTwin(compressed: Uint8Array, output: Uint8Array): void {
  try {
    snappyUncompress(compressed, output)
  } catch (cause) {
    throw new PageError(`SNAPPY data is damaged: ${(cause as Error).message}`)
  }
}
