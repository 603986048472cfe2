import { CompactReader, TruncatedError } from './compact-protocol.ts'

/**
 * Reads the struct that `bytes` hold: `field` reads what it wants and says whether it did. False when the bytes are
 * no struct, or one with other fields.
 */
export function readStruct(
  bytes: Buffer,
  field: (reader: CompactReader, id: number, type: number) => boolean,
): boolean {
  const reader = new CompactReader(bytes)
  try {
    reader.struct((id, type) => {
      if (!field(reader, id, type)) reader.skip(type)
    })
    return true
  } catch (error) {
    if (error instanceof TruncatedError || error instanceof RangeError) return false
    throw error
  }
}
