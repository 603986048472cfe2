import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SourceError } from '../../pipeline/errors.ts'
import type { Compression } from '../files/file-format.ts'
import { decompressFrames } from './zstd-frames.ts'

const CHUNK_BYTES = 1 << 20

/**
 * The text of a file from byte `start` on, in chunks. `start` counts decompressed bytes and must be 0 for a
 * compressed file. Throws SourceError, naming the file, when it can't be read or its compressed data is damaged
 * or cut off.
 */
export async function* openBytes(
  file: string,
  compression: Compression,
  start: number,
): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { start, highWaterMark: CHUNK_BYTES })
  try {
    yield* decompressed(stream, compression)
  } catch (cause) {
    throw new SourceError(`${file} can't be read: ${(cause as Error).message}`, { where: { file }, cause })
  } finally {
    stream.destroy()
  }
}

function decompressed(stream: NodeJS.ReadableStream, compression: Compression): AsyncIterable<Buffer> {
  const chunks = stream as unknown as AsyncIterable<Buffer>
  if (compression === 'none') return chunks
  if (compression === 'zstd') return decompressFrames(chunks, CHUNK_BYTES)
  return pipeline(stream, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
}
