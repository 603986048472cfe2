import { brotliDecompressSync, constants, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Memory } from '../../pipeline/batch/memory.ts'
import { decompressLz4 } from './lz4.ts'
import { PageError } from './page-error.ts'
import { unsnappy } from './snappy.ts'

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4', 'LZ4_RAW'] as const

/** As the footer names it. */
export type Codec = (typeof CODECS)[number]

export const isSupported = (codec: string): codec is Codec => CODECS.some((name) => name === codec)

/** Room for what a beginning gives as a rule: two blocks of Zstandard. */
const BEGINNING = 256 << 10
/** zlib's smallest chunk */
const MIN_CHUNK = 64

/**
 * Decompresses a page to `size` bytes at `address` of the memory, exactly as many as the page declares. Throws PageError
 * when the bytes are damaged or give more or less than that.
 */
export function decompress(codec: Codec, input: Buffer, memory: Memory, address: number, size: number): void {
  const started = performance.now()
  decompressTo(codec, input, memory, address, size)
  const nanoseconds = (performance.now() - started) * 1e6
  memory.decompression.note({ codec, from: input.length, to: size, nanoseconds })
}

function decompressTo(codec: Codec, input: Buffer, memory: Memory, address: number, size: number): void {
  if (codec === 'SNAPPY') {
    unsnappy(input, memory, address, size)
    return
  }
  const bytes = inflate(codec, input, size)
  if (bytes.length !== size)
    throw new PageError(`${codec} gave ${bytes.length} bytes where the page declares ${size}`)
  memory.bytes.set(bytes, address)
}

function inflate(codec: Exclude<Codec, 'SNAPPY'>, input: Buffer, size: number): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      return input
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

/**
 * What the first bytes of compressed data give, as far as it can be told: a part of the beginning. Throws PageError when
 * they are damaged, or give more than `most` bytes.
 */
export function inflateBeginning(codec: 'ZSTD' | 'GZIP', input: Buffer, most: number): Uint8Array {
  const [inflateSync, finishFlush] =
    codec === 'ZSTD'
      ? ([zstdDecompressSync, constants.ZSTD_e_flush] as const)
      : ([gunzipSync, constants.Z_SYNC_FLUSH] as const)
  try {
    return inflateSync(input, { finishFlush, maxOutputLength: Math.max(most, 1), chunkSize: BEGINNING })
  } catch (cause) {
    throw new PageError(`${codec} data is damaged: ${(cause as Error).message}`)
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
