import { createRequire } from 'node:module'
import { PageError } from './page-error.ts'

type Compressors = typeof import('hyparquet-compressors')

let loaded: Compressors | undefined

/** Loaded with the first page that needs it: few files have one, and every worker would wait for it. */
function compressors(): Compressors {
  loaded ??= createRequire(import.meta.url)('hyparquet-compressors') as Compressors
  return loaded
}

/**
 * Decompresses an LZ4 block (github.com/lz4/lz4, doc/lz4_Block_format.md) or, for the codec LZ4, the blocks that
 * Hadoop puts after their sizes; writers mean either by that name. The lengths are added up first, because the
 * package leaves zeros where a damaged block gives too little; and it does not know the block of nothing. Throws
 * PageError.
 */
export function decompressLz4(codec: 'LZ4' | 'LZ4_RAW', input: Buffer, size: number): Uint8Array {
  const framed = codec === 'LZ4' && framesLength(input) === size
  if (!framed && blockLength(input, 0, input.length) !== size)
    throw new PageError(`${codec} data is damaged: it does not give the ${size} bytes that the page declares`)
  if (size === 0) return new Uint8Array(0)
  const lz4 = compressors()
  try {
    return framed ? lz4.decompressLz4(input, size) : lz4.decompressLz4Raw(input, size)
  } catch (cause) {
    throw new PageError(`${codec} data is damaged: ${(cause as Error).message}`)
  }
}

/** Decompressed bytes of Hadoop's frames, each after two sizes in four bytes; NaN when these are none. */
function framesLength(input: Buffer): number {
  let length = 0
  let at = 0
  while (at < input.length) {
    if (input.length - at < 8) return Number.NaN
    const declared = input.readUInt32BE(at)
    const end = at + 8 + input.readUInt32BE(at + 4)
    if (end > input.length || blockLength(input, at + 8, end) !== declared) return Number.NaN
    length += declared
    at = end
  }
  return length
}

/** Decompressed bytes of a block; NaN when it does not end where it should. */
function blockLength(input: Buffer, from: number, end: number): number {
  let at = from
  let length = 0
  const count = (start: number): number => {
    let sum = start
    for (let byte = start === 15 ? 255 : 0; byte === 255; sum += byte) byte = input[at++] ?? 0
    return sum
  }
  while (at < end) {
    const token = input[at++]!
    const literals = count(token >> 4)
    at += literals
    length += literals
    // The last sequence has no match.
    if (at >= end) break
    at += 2
    length += count(token & 15) + 4
  }
  return at === end ? length : Number.NaN
}
