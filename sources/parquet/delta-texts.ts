import { decodeDelta } from './delta.ts'
import { PageError } from './page-error.ts'
import type { TextValues } from './page-values.ts'
import { SharedBlock } from './shared-block.ts'

/** More than this of one page is taken for damage. */
const MAX_BYTES = 1 << 30

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all texts, which stay where they are. */
export function deltaLengthTexts(storage: SharedBlock, from: number, end: number, count: number): TextValues {
  const lengths = decodeDelta(storage.memory.bytes, from, end, count, 32)
  const refs = new Uint32Array(2 * count)
  let at = lengths.end
  const textBytes = end - at
  for (let i = 0; i < count; i++) {
    const length = Number(lengths.values[i])
    if (length < 0 || length > end - at)
      throw new PageError(`text ${i} of ${count} passes the end of its page`)
    refs[2 * i] = at
    refs[2 * i + 1] = length
    at += length
  }
  if (at !== end) throw new PageError(`${end - at} bytes are left after ${count} texts`)
  return { kind: 'text', refs, textBytes, storage }
}

/**
 * DELTA_BYTE_ARRAY: each text as the number of bytes it shares with the one before and what follows them. The
 * texts are put together in memory of their own.
 */
export function deltaTexts(page: SharedBlock, from: number, end: number, count: number): TextValues {
  const { memory } = page
  const prefixes = decodeDelta(memory.bytes, from, end, count, 32)
  const suffixes = deltaLengthTexts(page, prefixes.end, end, count).refs
  const refs = new Uint32Array(2 * count)
  let total = 0
  for (let i = 0; i < count; i++) {
    const prefix = Number(prefixes.values[i])
    const before = i === 0 ? 0 : refs[2 * i - 1]!
    if (prefix < 0 || prefix > before)
      throw new PageError(`text ${i} takes ${prefix} bytes from one of ${before}`)
    refs[2 * i + 1] = prefix + suffixes[2 * i + 1]!
    total += refs[2 * i + 1]!
    if (total > MAX_BYTES) throw new PageError(`the texts of a page take more than ${MAX_BYTES} bytes`)
  }
  const storage = new SharedBlock(memory, total)
  const { bytes } = memory
  let at = storage.address
  for (let i = 0; i < count; i++) {
    const prefix = Number(prefixes.values[i])
    const suffix = suffixes[2 * i]!
    refs[2 * i] = at
    if (prefix > 0) bytes.copyWithin(at, refs[2 * i - 2]!, refs[2 * i - 2]! + prefix)
    bytes.copyWithin(at + prefix, suffix, suffix + suffixes[2 * i + 1]!)
    at += refs[2 * i + 1]!
  }
  return { kind: 'text', refs, textBytes: total, storage }
}
