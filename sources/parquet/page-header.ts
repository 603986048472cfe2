import { CompactReader, TruncatedError } from './compact-protocol.ts'
import { PageError } from './page-error.ts'

const ENCODINGS = {
  0: 'PLAIN',
  2: 'PLAIN_DICTIONARY',
  3: 'RLE',
  4: 'BIT_PACKED',
  5: 'DELTA_BINARY_PACKED',
  6: 'DELTA_LENGTH_BYTE_ARRAY',
  7: 'DELTA_BYTE_ARRAY',
  8: 'RLE_DICTIONARY',
  9: 'BYTE_STREAM_SPLIT',
} as const

export type Encoding = (typeof ENCODINGS)[keyof typeof ENCODINGS]

interface Sizes {
  /** of the header itself */
  readonly headerBytes: number
  /** of what follows the header */
  readonly compressedBytes: number
  readonly uncompressedBytes: number
  /** CRC-32 of what follows the header; null where the writer left it out */
  readonly crc: number | null
}

export interface DictionaryHeader extends Sizes {
  readonly kind: 'dictionary'
  readonly values: number
  readonly encoding: Encoding
}

/** Levels and values are compressed together; how many rows it holds shows only in its levels. */
export interface DataHeaderV1 extends Sizes {
  readonly kind: 'v1'
  /** entries, nulls included */
  readonly values: number
  readonly encoding: Encoding
  readonly definitionEncoding: Encoding
  readonly repetitionEncoding: Encoding
}

/** Levels come first and are never compressed. */
export interface DataHeaderV2 extends Sizes {
  readonly kind: 'v2'
  readonly values: number
  readonly rows: number
  readonly encoding: Encoding
  readonly definitionBytes: number
  readonly repetitionBytes: number
  readonly compressed: boolean
}

/** Holds no values: skipped. */
interface IndexHeader extends Sizes {
  readonly kind: 'index'
}

export type DataHeader = DataHeaderV1 | DataHeaderV2
export type PageHeader = DictionaryHeader | DataHeader | IndexHeader

const DATA_PAGE = 0
const INDEX_PAGE = 1
const DICTIONARY_PAGE = 2
const DATA_PAGE_V2 = 3

/**
 * The header at the start of `bytes` (parquet-format, src/main/thrift/parquet.thrift, PageHeader). Null when the
 * bytes end before the header does. Throws PageError when they are no page header.
 */
export function parsePageHeader(bytes: Uint8Array): PageHeader | null {
  const reader = new CompactReader(bytes)
  try {
    return readPageHeader(reader)
  } catch (cause) {
    if (cause instanceof TruncatedError) return null
    if (cause instanceof RangeError) throw new PageError(`the page header is not readable: ${cause.message}`)
    throw cause
  }
}

function readPageHeader(reader: CompactReader): PageHeader {
  const page: Record<number, number> = {}
  let v1: Record<number, number> | undefined
  let dictionary: Record<number, number> | undefined
  let v2: Record<number, number> | undefined
  reader.struct((id, type) => {
    if (id <= 4) page[id] = reader.integer(type)
    else if (id === 5) v1 = readIntegers(reader, type, 4)
    else if (id === 7) dictionary = readIntegers(reader, type, 2)
    else if (id === 8) v2 = readIntegers(reader, type, 7)
    else reader.skip(type)
  })
  const sizes = {
    headerBytes: reader.at,
    uncompressedBytes: count(page[2], 'uncompressed size'),
    compressedBytes: count(page[3], 'compressed size'),
    crc: page[4] === undefined ? null : page[4] >>> 0,
  }
  if (page[1] === DATA_PAGE && v1)
    return {
      ...sizes,
      kind: 'v1',
      values: count(v1[1], 'number of values'),
      encoding: encoding(v1[2]),
      definitionEncoding: encoding(v1[3]),
      repetitionEncoding: encoding(v1[4]),
    }
  if (page[1] === DATA_PAGE_V2 && v2)
    return {
      ...sizes,
      kind: 'v2',
      values: count(v2[1], 'number of values'),
      rows: count(v2[3], 'number of rows'),
      encoding: encoding(v2[4]),
      definitionBytes: count(v2[5], 'size of the definition levels'),
      repetitionBytes: count(v2[6], 'size of the repetition levels'),
      compressed: v2[7] !== 0,
    }
  if (page[1] === DICTIONARY_PAGE && dictionary)
    return {
      ...sizes,
      kind: 'dictionary',
      values: count(dictionary[1], 'number of values'),
      encoding: encoding(dictionary[2]),
    }
  // Rows would move up in silence if a page that holds some were skipped.
  if (page[1] === INDEX_PAGE && !v1 && !dictionary && !v2) return { ...sizes, kind: 'index' }
  throw new PageError(`the page header's type ${page[1] ?? ''} does not go with its parts`)
}

/** The integer and boolean fields of a struct up to field `last`, booleans as 0 and 1; statistics are skipped. */
function readIntegers(reader: CompactReader, of: number, last: number): Record<number, number> {
  const fields: Record<number, number> = {}
  reader.expectStruct(of)
  reader.struct((id, type) => {
    if (id > last) reader.skip(type)
    else if (type <= 2) fields[id] = reader.boolean(type) ? 1 : 0
    else fields[id] = reader.integer(type)
  })
  return fields
}

function count(value: number | undefined, what: string): number {
  if (value === undefined || value < 0)
    throw new PageError(`the page header's ${what} is ${value ?? 'missing'}`)
  return value
}

function encoding(id: number | undefined): Encoding {
  const name = ENCODINGS[id as keyof typeof ENCODINGS]
  if (!name) throw new PageError(`the page's encoding ${id ?? ''} is unknown`)
  return name
}
