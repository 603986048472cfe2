import { joinByteStreams } from './byte-stream-split.ts'
import { decodeDelta } from './delta.ts'
import { deltaLengthTexts, deltaTexts } from './delta-texts.ts'
import { lookUp } from './dictionary.ts'
import { decodeHybrid } from './hybrid.ts'
import { PageError } from './page-error.ts'
import type { Encoding } from './page-header.ts'
import { type PageValues, safeNumbers } from './page-values.ts'
import { plainNumbers, plainTexts } from './plain.ts'
import type { PrimitiveNode } from './schema-tree.ts'
import type { SharedBlock } from './shared-block.ts'

/**
 * Decodes the `count` values that lie at addresses `at` to `end` of a page. Texts refer into `storage` or, for
 * some encodings, into a block of their own; whichever it is has one user more. Throws PageError.
 */
export function decodeValues(
  storage: SharedBlock,
  at: number,
  end: number,
  count: number,
  column: PrimitiveNode,
  encoding: Encoding,
  dictionary: PageValues | null,
): PageValues {
  const { bytes } = storage.memory
  const { type } = column
  switch (encoding) {
    case 'PLAIN':
      if (type === 'BYTE_ARRAY') return inPlace(plainTexts(storage, at, end, count))
      return plainNumbers(bytes, at, end, count, column)
    case 'RLE_DICTIONARY':
    case 'PLAIN_DICTIONARY':
      if (!dictionary) throw new PageError('the page refers to a dictionary that the column does not have')
      return lookUp(dictionary, bytes, at, end, count)
    case 'RLE':
      if (type === 'BOOLEAN') return runBooleans(bytes, at, end, count)
      break
    case 'DELTA_BINARY_PACKED':
      if (type === 'INT32' || type === 'INT64') return deltaNumbers(bytes, at, end, count, column)
      break
    case 'DELTA_LENGTH_BYTE_ARRAY':
      if (type === 'BYTE_ARRAY') return inPlace(deltaLengthTexts(storage, at, end, count))
      break
    case 'DELTA_BYTE_ARRAY':
      if (type === 'BYTE_ARRAY') return deltaTexts(storage, at, end, count)
      break
    case 'BYTE_STREAM_SPLIT':
      if (type === 'INT32' || type === 'INT64' || type === 'FLOAT' || type === 'DOUBLE') {
        const joined = joinByteStreams(bytes, at, end, count, type === 'INT32' || type === 'FLOAT' ? 4 : 8)
        return plainNumbers(joined, 0, joined.length, count, column)
      }
      break
  }
  throw new PageError(`${type} values can't be encoded as ${encoding}`)
}

function inPlace<Values extends { readonly storage: SharedBlock }>(values: Values): Values {
  values.storage.retain()
  return values
}

/** Runs after their size in four bytes. */
function runBooleans(bytes: Buffer, at: number, end: number, count: number): PageValues {
  const flags = new Uint8Array(count)
  if (count > 0) {
    if (end - at < 4) throw new PageError('the page ends before its booleans')
    const size = bytes.readUInt32LE(at)
    if (size > end - at - 4) throw new PageError(`${size} bytes of booleans in ${end - at - 4} bytes`)
    decodeHybrid(bytes, at + 4, at + 4 + size, 1, flags, count)
  }
  return { kind: 'number', values: Float64Array.from(flags), faults: null }
}

function deltaNumbers(
  bytes: Buffer,
  at: number,
  end: number,
  count: number,
  { type, unsigned }: PrimitiveNode,
): PageValues {
  if (count === 0) return { kind: 'number', values: new Float64Array(0), faults: null }
  const { values } = decodeDelta(bytes, at, end, count, type === 'INT32' ? 32 : 64)
  if (!unsigned) return safeNumbers(values)
  return safeNumbers(
    type === 'INT32' ? values.map((value) => BigInt.asUintN(32, value)) : new BigUint64Array(values.buffer),
  )
}
