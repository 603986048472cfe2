import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { snappyUncompressor } from 'hysnappy'
import { decompressLz4 } from './lz4.ts'
import { PageError } from './page-error.ts'
import { snappyLength } from './snappy-prefix.ts'

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4', 'LZ4_RAW'] as const

/** As the footer names it. */
export type Codec = (typeof CODECS)[number]

export const isSupported = (codec: string): codec is Codec => CODECS.some((name) => name === codec)

/** zlib's smallest chunk */
const MIN_CHUNK = 64

let snappy: ((input: Uint8Array, length: number) => Uint8Array) | undefined

/**
 * Decompresses a page into `output`, which has exactly the size that the page declares. Throws PageError when
 * the bytes are damaged or give more or less than that.
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
    case 'LZ4':
    case 'LZ4_RAW':
      return decompressLz4(codec, input, size)
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
