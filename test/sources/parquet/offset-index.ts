import { readOffsetIndex } from 'hyparquet'
import type { ColumnChunk } from '../../../sources/parquet/file-metadata.ts'

/** What an offset index says of a page. */
export interface PageLocation {
  readonly offset: number
  /** with its header */
  readonly bytes: number
  readonly firstRow: number
}

export function locationsOf(file: Buffer, { offsetIndex }: ColumnChunk): PageLocation[] {
  const { offset, length } = offsetIndex!
  const view = new DataView(file.buffer, file.byteOffset + offset, length)
  return readOffsetIndex({ view, offset: 0 }).page_locations.map((page) => ({
    offset: Number(page.offset),
    bytes: page.compressed_page_size,
    firstRow: Number(page.first_row_index),
  }))
}

/** An OffsetIndex in Thrift's compact protocol. */
export function writeOffsetIndex(locations: readonly PageLocation[]): Buffer {
  const pages = locations.flatMap(({ offset, bytes, firstRow }) => [
    ...[0x16, ...zigzag(offset)],
    ...[0x15, ...zigzag(bytes)],
    ...[0x16, ...zigzag(firstRow), 0],
  ])
  return Buffer.from([0x19, 0xfc, ...varint(BigInt(locations.length)), ...pages, 0])
}

/** A ColumnIndex that only has the histograms of the repetition levels of its pages, one after another. */
export function writeHistograms(counts: readonly number[]): Buffer {
  return Buffer.from([0x69, 0xf6, ...varint(BigInt(counts.length)), ...counts.flatMap(zigzag), 0])
}

const zigzag = (value: number): number[] => varint(value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value))

function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)]
}
