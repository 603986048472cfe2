import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { snappyUncompressor } from 'hysnappy'
import { PageError } from './page-error.ts'
import { snappyLength } from './snappy-prefix.ts'

/** As the footer names it. */
export type Codec = 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP' | 'ZSTD' | 'BROTLI' | 'LZO' | 'LZ4' | 'LZ4_RAW'

/** zlib's smallest chunk */
const MIN_CHUNK = 64

let snappy: ((input: Uint8Array, length: number) => Uint8Array) | undefined

/**
 * Decompresses a page into `output`, which has exactly the size that the page declares. Throws PageError when
 * the bytes are damaged, give more or less than that, or need a codec that is not supported.
 */
export function decompress(codec: Codec, input: Buffer, output: Uint8Array): void {
  const bytes = inflate(codec, input, output.length)
  if (bytes.length !== output.length)
    throw new PageError(`${codec} gave ${bytes.length} bytes where the page declares ${output.length}`)
  output.set(bytes)
}

function inflate(codec: Codec, input: Buffer, size: number): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      return input
    case 'SNAPPY':
      return unsnappy(input, size)
    case 'ZSTD':
      return native(codec, zstdDecompressSync, input, size)
    case 'GZIP':
      return native(codec, gunzipSync, input, size)
    case 'BROTLI':
      return native(codec, brotliDecompressSync, input, size)
    default:
      throw new PageError(`the codec ${codec} is not supported: write the file with Snappy, Zstd or Gzip`)
  }
}

function unsnappy(input: Buffer, size: number): Uint8Array {
  const declared = snappyLength(input)
  if (declared !== size) throw new PageError(`SNAPPY gives ${declared} bytes where the page declares ${size}`)
  snappy ??= snappyUncompressor()
  try {
    return snappy(input, size)
  } catch (cause) {
    // A trap leaves the module's stack where it was: start over with a fresh one.
    snappy = undefined
    throw new PageError(`SNAPPY data is damaged: ${(cause as Error).message}`)
  }
}

type Inflate = (input: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Uint8Array

function native(codec: Codec, inflateSync: Inflate, input: Buffer, size: number): Uint8Array {
  try {
    return inflateSync(input, { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size, MIN_CHUNK) })
  } catch (cause) {
    throw new PageError(`${codec} data is damaged: ${(cause as Error).message}`)
  }
}
