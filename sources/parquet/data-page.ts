import { crc32 } from 'node:zlib'
import type { Memory } from '../../pipeline/batch/memory.ts'
import { decodeValues } from './decode-values.ts'
import { type Codec, decompress, inflateBeginning } from './decompress.ts'
import type { ColumnChunk } from './file-metadata.ts'
import { checkNesting, countValues, decodeLevels, type Levels } from './levels.ts'
import { PageError } from './page-error.ts'
import type { DataHeader, DataHeaderV1, DataHeaderV2, DictionaryHeader, PageHeader } from './page-header.ts'
import type { PageValues } from './page-values.ts'
import type { PrimitiveNode } from './schema-tree.ts'
import { SharedBlock } from './shared-block.ts'
import { snappyPrefix } from './snappy-prefix.ts'

const MAX_PAGE_BYTES = 1 << 30
/** Levels take a byte or two for each entry, however few bytes they were run-length encoded in. */
const MAX_ENTRIES = 1 << 26
/** Writers differ in whether headers count; a page is not larger than its column by more than this. */
const SLACK = 64 << 10

/** Throws PageError when the sizes that a page declares can't be, before anything is allocated for them. */
export function checkSizes(header: PageHeader, chunk: ColumnChunk): void {
  const { uncompressedBytes } = header
  if (uncompressedBytes > MAX_PAGE_BYTES || uncompressedBytes > chunk.uncompressedBytes + SLACK)
    throw new PageError(
      `the page declares ${uncompressedBytes} bytes in a column of ${chunk.uncompressedBytes}`,
    )
  if (header.kind !== 'index' && header.values > MAX_ENTRIES)
    throw new PageError(`the page declares ${header.values} values`)
}

function checkCrc(header: PageHeader, body: Buffer): void {
  if (header.crc !== null && crc32(body) !== header.crc)
    throw new PageError('the checksum of the page does not match its bytes')
}

export function decodeDictionary(
  header: DictionaryHeader,
  body: Buffer,
  codec: Codec,
  column: PrimitiveNode,
  memory: Memory,
): PageValues {
  checkCrc(header, body)
  if (header.encoding !== 'PLAIN' && header.encoding !== 'PLAIN_DICTIONARY')
    throw new PageError(`a dictionary can't be encoded as ${header.encoding}`)
  const block = new SharedBlock(memory, header.uncompressedBytes)
  try {
    const end = unpack(codec, body, block, header.uncompressedBytes)
    return decodeValues(block, block.address, end, header.values, column, 'PLAIN', null)
  } finally {
    block.release()
  }
}

export interface DecodedPage {
  readonly levels: Levels
  readonly values: PageValues
}

interface PageContext {
  /** what the chunk's dictionary page holds; throws PageError when that is damaged */
  dictionary(): PageValues | null
  /** called before the values are decoded: where only they are damaged, the page's rows are still known */
  onLevels(levels: Levels): void
}

/** Decompresses a data page into the memory and finds its levels and values. Throws PageError. */
export function decodeDataPage(
  header: DataHeader,
  body: Buffer,
  codec: Codec,
  column: PrimitiveNode,
  memory: Memory,
  { dictionary, onLevels }: PageContext,
): DecodedPage {
  checkCrc(header, body)
  const block = new SharedBlock(memory, header.uncompressedBytes)
  try {
    const { levels, at, end } =
      header.kind === 'v1'
        ? openV1(header, body, codec, column, block)
        : openV2(header, body, codec, column, block)
    checkNesting(levels, header.values, column)
    onLevels(levels)
    const count = countValues(levels.definition, header.values, column)
    const coded = header.encoding === 'RLE_DICTIONARY' || header.encoding === 'PLAIN_DICTIONARY'
    const words = coded ? dictionary() : null
    return { levels, values: decodeValues(block, at, end, count, column, header.encoding, words) }
  } finally {
    block.release()
  }
}

interface OpenPage {
  readonly levels: Levels
  /** addresses of the values */
  readonly at: number
  readonly end: number
}

/** Version 1: everything is compressed together, and levels come after their size in four bytes. */
function openV1(
  header: DataHeaderV1,
  body: Buffer,
  codec: Codec,
  column: PrimitiveNode,
  block: SharedBlock,
): OpenPage {
  const end = unpack(codec, body, block, header.uncompressedBytes)
  const { bytes } = block.memory
  let at = block.address
  const next = (max: number, encoding: string): Uint8Array | null => {
    if (max === 0) return null
    if (encoding !== 'RLE') throw new PageError(`levels encoded as ${encoding} are not supported`)
    const size = levelBytes(bytes, at, end)
    const levels = decodeLevels(bytes, at + 4, at + 4 + size, max, header.values)
    at += 4 + size
    return levels
  }
  const repetition = next(column.maxRepetition, header.repetitionEncoding)
  const definition = next(column.maxDefinition, header.definitionEncoding)
  return { levels: { repetition, definition }, at, end }
}

/** Version 2: levels come first, as they are, and only the values are compressed. */
function openV2(
  header: DataHeaderV2,
  body: Buffer,
  codec: Codec,
  column: PrimitiveNode,
  block: SharedBlock,
): OpenPage {
  const { values, repetitionBytes, definitionBytes } = header
  const levelsEnd = repetitionBytes + definitionBytes
  if (levelsEnd > body.length || levelsEnd > header.uncompressedBytes)
    throw new PageError(`levels of ${levelsEnd} bytes in a page of ${body.length}`)
  const repetition = decodeLevels(body, 0, repetitionBytes, column.maxRepetition, values)
  const definition = decodeLevels(body, repetitionBytes, levelsEnd, column.maxDefinition, values)
  const size = header.uncompressedBytes - levelsEnd
  // Some writers compress even nothing, and then something follows the levels.
  const input = size === 0 ? body.subarray(0, 0) : body.subarray(levelsEnd)
  const end = unpack(header.compressed && size > 0 ? codec : 'UNCOMPRESSED', input, block, size)
  return { levels: { repetition, definition }, at: block.address, end }
}

/** Decompresses to the start of the block; returns the address after the last byte. */
function unpack(codec: Codec, input: Buffer, block: SharedBlock, size: number): number {
  const end = block.address + size
  decompress(codec, input, block.memory, block.address, size)
  return end
}

function levelBytes(bytes: Buffer, at: number, end: number): number {
  if (end - at < 4) throw new PageError('the page ends before its levels')
  const size = bytes.readUInt32LE(at)
  if (size > end - at - 4) throw new PageError(`levels of ${size} bytes in a page of ${end - at - 4}`)
  return size
}

/**
 * How much of a page's body to take first, to find the levels at its beginning; null for codecs that take all of a page
 * or nothing. Zstandard gives whole blocks, of 128 KiB of what was compressed.
 */
export function firstPeek(codec: Codec): number | null {
  switch (codec) {
    case 'UNCOMPRESSED':
    case 'SNAPPY':
    case 'GZIP':
      return 4 << 10
    case 'ZSTD':
      return 64 << 10
    default:
      return null
  }
}

/**
 * The repetition levels of a version 1 page from the first bytes of its body, without decompressing the rest.
 * Null when `body` is too short for that. Where there is a checksum, `body` must be all of it.
 */
export function peekRepetition(
  header: DataHeaderV1,
  body: Buffer,
  codec: Codec,
  column: PrimitiveNode,
): Uint8Array | null {
  checkCrc(header, body)
  if (header.repetitionEncoding !== 'RLE') return null
  switch (codec) {
    case 'UNCOMPRESSED':
      return repetitionIn(header, column, (size) => (body.length < size ? null : body))
    case 'SNAPPY':
      return repetitionIn(header, column, (size) => {
        const output = Buffer.allocUnsafe(size)
        return snappyPrefix(body, output) ? output : null
      })
    case 'ZSTD':
    case 'GZIP':
      return repetitionIn(header, column, beginnings(codec, body, header.uncompressedBytes))
    default:
      return null
  }
}

/** The levels in a page's beginning; `first` gives that many bytes of it at least, null where it can't. */
function repetitionIn(
  header: DataHeaderV1,
  column: PrimitiveNode,
  first: (size: number) => Buffer | null,
): Uint8Array | null {
  const need = (size: number): Buffer | null => {
    if (size > header.uncompressedBytes) throw new PageError('the page ends before its levels')
    return first(size)
  }
  const head = need(4)
  const bytes = head && need(4 + levelBytes(head, 0, header.uncompressedBytes))
  return bytes && decodeLevels(bytes, 4, 4 + bytes.readUInt32LE(0), column.maxRepetition, header.values)
}

/** Inflates more and more of a body, until what it gives is enough. */
function beginnings(codec: 'ZSTD' | 'GZIP', body: Buffer, most: number): (size: number) => Buffer | null {
  let taken = firstPeek(codec)!
  let plain: Buffer | null = null
  return (size) => {
    while (plain === null || (plain.length < size && taken < body.length)) {
      if (plain !== null) taken *= 4
      const { buffer, byteOffset, length } = inflateBeginning(codec, body.subarray(0, taken), most)
      plain = Buffer.from(buffer, byteOffset, length)
    }
    return plain.length < size ? null : plain
  }
}
