import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SluiceError, SourceError } from '../../pipeline/errors.ts'
import type { Compression } from '../files/file-format.ts'
import { decompressFrames } from './zstd-frames.ts'

const CHUNK_BYTES = 1 << 20

/** A file of JSON lines, wherever it is. */
export interface LinesFile {
  /** its name in everything that is written */
  readonly file: string
  readonly compression: Compression
  /** its bytes as they are stored, from an offset on */
  stored(start: number): AsyncIterable<Buffer>
}

/** The bytes of a file on disk. */
export function storedOnDisk(path: string): LinesFile['stored'] {
  return (start) => createReadStream(path, { start, highWaterMark: CHUNK_BYTES })
}

/**
 * The text of a file from byte `start` on, in chunks. `start` counts decompressed bytes and must be 0 for a
 * compressed file. Throws SourceError, naming the file, when it can't be read or its compressed data is damaged
 * or cut off.
 */
export async function* openBytes(
  { file, compression, stored }: LinesFile,
  start: number,
): AsyncGenerator<Buffer> {
  const chunks = stored(start)
  try {
    yield* decompressed(chunks, compression)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SourceError(`${file} can't be read: ${(cause as Error).message}`, { where: { file }, cause })
  } finally {
    if (chunks instanceof Readable) chunks.destroy()
  }
}

function decompressed(chunks: AsyncIterable<Buffer>, compression: Compression): AsyncIterable<Buffer> {
  if (compression === 'none') return chunks
  if (compression === 'zstd') return decompressFrames(chunks, CHUNK_BYTES)
  const stream = chunks instanceof Readable ? chunks : Readable.from(chunks, { objectMode: false })
  return pipeline(stream, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
}
