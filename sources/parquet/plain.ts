import { PageError } from './page-error.ts'
import { type NumberValues, safeNumbers, type TextValues } from './page-values.ts'
import type { PrimitiveNode } from './schema-tree.ts'
import type { SharedBlock } from './shared-block.ts'

/**
 * PLAIN texts (parquet-format, Encodings.md, PLAIN = 0): each after its length in four bytes. `at` and `end` are
 * addresses in the storage's memory; nothing is copied.
 */
export function plainTexts(storage: SharedBlock, at: number, end: number, count: number): TextValues {
  const { bytes } = storage.memory
  // Each takes four bytes at least, so the check comes before what is allocated for them.
  if (count * 4 > end - at) throw new PageError(`${count} texts in ${end - at} bytes`)
  const refs = new Uint32Array(2 * count)
  const textBytes = end - at - 4 * count
  for (let i = 0; i < count; i++) {
    if (end - at < 4) throw new PageError(`the page ends after ${i} of ${count} texts`)
    const length =
      (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    at += 4
    if (length > end - at) throw new PageError(`text ${i} of ${count} passes the end of its page`)
    refs[2 * i] = at
    refs[2 * i + 1] = length
    at += length
  }
  if (at !== end) throw new PageError(`${end - at} bytes are left after ${count} texts`)
  return { kind: 'text', refs, textBytes, storage }
}

/** PLAIN numbers, little endian, and booleans, a bit each. */
export function plainNumbers(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
  { type, unsigned }: PrimitiveNode,
): NumberValues {
  const needed = Math.ceil(count * bytesOf(type))
  if (needed !== end - at) throw new PageError(`${count} values of ${type} in ${end - at} bytes`)
  // Pages start at any address: a copy is aligned.
  const { buffer } = Uint8Array.from(bytes.subarray(at, at + needed))
  switch (type) {
    case 'INT32':
      return exact(Float64Array.from(unsigned ? new Uint32Array(buffer) : new Int32Array(buffer)))
    case 'FLOAT':
      return exact(Float64Array.from(new Float32Array(buffer)))
    case 'DOUBLE':
      return exact(new Float64Array(buffer))
    case 'INT64':
      return safeNumbers(unsigned ? new BigUint64Array(buffer) : new BigInt64Array(buffer))
    default: {
      const packed = new Uint8Array(buffer)
      return exact(Float64Array.from({ length: count }, (_, i) => (packed[i >> 3]! >> (i & 7)) & 1))
    }
  }
}

const exact = (values: Float64Array): NumberValues => ({ kind: 'number', values, faults: null })

function bytesOf(type: PrimitiveNode['type']): number {
  switch (type) {
    case 'BOOLEAN':
      return 1 / 8
    case 'INT32':
    case 'FLOAT':
      return 4
    case 'INT64':
    case 'DOUBLE':
      return 8
    default:
      throw new PageError(`${type} is no number`)
  }
}
