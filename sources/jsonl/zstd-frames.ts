import { pipeline, Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a5
const BLOCK_HEADER_BYTES = 3
const CHECKSUM_BYTES = 4
/** by the flags of the frame header's descriptor */
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const RLE_BLOCK = 1

interface Piece {
  readonly bytes: Buffer
  /** a frame ends with it */
  readonly last: boolean
}

/**
 * Decompresses Zstd frames that follow each other, as files have them that were written in segments: node:zlib
 * stops after the first. Throws when the data is damaged or cut off.
 */
export async function* decompressFrames(
  chunks: AsyncIterable<Buffer>,
  chunkSize: number,
): AsyncGenerator<Buffer> {
  const pieces = splitFrames(chunks)
  let next = await pieces.next()
  async function* frame(): AsyncGenerator<Buffer> {
    for (let last = false; !last && !next.done; next = await pieces.next()) {
      yield next.value.bytes
      last = next.value.last
    }
  }
  try {
    while (!next.done) {
      const decompressor = createZstdDecompress({ chunkSize })
      pipeline(Readable.from(frame(), { objectMode: false }), decompressor, () => {})
      yield* decompressor as AsyncIterable<Buffer>
    }
  } finally {
    await pieces.return(undefined)
  }
}

/** Cuts chunks where frames end. */
async function* splitFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let parts = frameParts()
  let part = parts.next().value as Part
  let seen = Buffer.alloc(0)
  let left = part.bytes
  for await (const chunk of chunks) {
    let from = 0
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + left)
      at += taken.length
      left -= taken.length
      if (part.kept) seen = Buffer.concat([seen, taken])
      while (left === 0) {
        const { value, done } = parts.next(seen)
        if (done) {
          yield { bytes: chunk.subarray(from, at), last: true }
          from = at
          parts = frameParts()
          part = parts.next().value as Part
        } else part = value
        seen = Buffer.alloc(0)
        left = part.bytes
      }
    }
    if (from < chunk.length) yield { bytes: chunk.subarray(from), last: false }
  }
}

interface Part {
  readonly bytes: number
  /** its bytes are wanted */
  readonly kept: boolean
}

/** The parts of a frame in order (RFC 8878, 3.1), each size following from the parts before. */
function* frameParts(): Generator<Part, void, Buffer> {
  const magic = (yield { bytes: 4, kept: true }).readUInt32LE()
  if (magic >>> 4 === SKIPPABLE_MAGIC) {
    const size = (yield { bytes: 4, kept: true }).readUInt32LE()
    yield { bytes: size, kept: false }
    return
  }
  if (magic !== MAGIC) throw new Error('its Zstd data is followed by something else')
  const descriptor = (yield { bytes: 1, kept: true })[0]!
  const singleSegment = (descriptor & 0x20) !== 0
  const contentSize = CONTENT_SIZE_BYTES[descriptor >> 6]! || (singleSegment ? 1 : 0)
  const windowSize = singleSegment ? 0 : 1
  yield { bytes: windowSize + DICTIONARY_ID_BYTES[descriptor & 3]! + contentSize, kept: false }
  for (let last = false; !last; ) {
    const header = (yield { bytes: BLOCK_HEADER_BYTES, kept: true }).readUIntLE(0, BLOCK_HEADER_BYTES)
    last = (header & 1) === 1
    const repeated = ((header >> 1) & 3) === RLE_BLOCK
    yield { bytes: repeated ? 1 : header >> 3, kept: false }
  }
  if (descriptor & 4) yield { bytes: CHECKSUM_BYTES, kept: false }
}
