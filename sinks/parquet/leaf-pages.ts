import { crc32 } from 'node:zlib'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import type { ShreddedLeaf } from '../../pipeline/shred/shredded-leaf.ts'
import type { COMPRESSIONS } from '../compression.ts'
import { COMPRESSION } from '../compression.ts'
import type { LeafEntries } from './leaf-entries.ts'

/** A page ends with the first row at or past so many bytes of values. */
const PAGE_BYTES = 1 << 20
const SIZE_BYTES = 4

/** Pages of one leaf, ready for a file, and what its column chunk says of them. */
export interface LeafPages {
  /** headers and bodies, one page after the other */
  readonly bytes: Uint8Array
  readonly pages: readonly { readonly bytes: number; readonly rows: number }[]
  /** of headers and bodies, before they were compressed */
  readonly uncompressedBytes: number
  /** entries, those without a value included */
  readonly values: number
  readonly nulls: number
}

/**
 * Encodes a leaf as data pages of version 1 with checksums. A row lies in one page, so that an index of pages can say
 * which rows each has.
 */
export function encodePages(
  entries: LeafEntries,
  leaf: ShreddedLeaf,
  compression: (typeof COMPRESSIONS)[number],
): LeafPages {
  const parts: Uint8Array[] = []
  const pages: { bytes: number; rows: number }[] = []
  let uncompressedBytes = 0
  for (const { start, end, rows } of cutPages(entries)) {
    const body = pageBody(entries, leaf, start, end)
    const compressed = COMPRESSION[compression].compress(body)
    const header = pageHeader(end - start, body, compressed)
    parts.push(header, compressed)
    pages.push({ bytes: header.length + compressed.length, rows })
    uncompressedBytes += header.length + body.length
  }
  const nulls = entries.definition.reduce((sum, level) => sum + (level < leaf.maxDefinition ? 1 : 0), 0)
  return { bytes: Buffer.concat(parts), pages, uncompressedBytes, values: entries.definition.length, nulls }
}

function cutPages({ repetition, ends }: LeafEntries): { start: number; end: number; rows: number }[] {
  const pages: { start: number; end: number; rows: number }[] = []
  let start = 0
  let startByte = 0
  let rows = 0
  for (let entry = 0; entry < repetition.length; entry++) {
    if (repetition[entry] !== 0) continue
    const byte = entry === 0 ? 0 : ends[entry - 1]!
    if (byte - startByte >= PAGE_BYTES) {
      pages.push({ start, end: entry, rows })
      start = entry
      startByte = byte
      rows = 0
    }
    rows++
  }
  if (rows > 0) pages.push({ start, end: repetition.length, rows })
  return pages
}

function pageBody(
  { repetition, definition, values, ends }: LeafEntries,
  { kind, maxRepetition, maxDefinition }: ShreddedLeaf,
  start: number,
  end: number,
): Uint8Array {
  const plain = values.subarray(start === 0 ? 0 : ends[start - 1]!, ends[end - 1])
  return Buffer.concat([
    levels(repetition.subarray(start, end), maxRepetition),
    levels(definition.subarray(start, end), maxDefinition),
    kind === 'boolean' ? packBits(plain) : plain,
  ])
}

/** Levels in the hybrid of runs and packed bits, after their size; nothing where there is one level only. */
function levels(values: Uint8Array, max: number): Uint8Array {
  if (max === 0) return new Uint8Array()
  const writer = new ByteWriter()
  writer.appendUint32(0)
  writeRleBitPackedHybrid(writer, values, 32 - Math.clz32(max))
  writer.view.setUint32(0, writer.offset - SIZE_BYTES, true)
  return writer.getBytes()
}

/** Bits, the first in the lowest of a byte. */
function packBits(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8))
  for (let at = 0; at < values.length; at++) packed[at >> 3]! |= values[at]! << (at & 7)
  return packed
}

function pageHeader(values: number, body: Uint8Array, compressed: Uint8Array): Uint8Array {
  const writer = new ByteWriter()
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: body.length,
    compressed_page_size: compressed.length,
    // the format's integers are signed
    crc: crc32(compressed) | 0,
    data_page_header: {
      num_values: values,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  })
  return writer.getBytes()
}
