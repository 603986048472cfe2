import { PageError } from './page-error.ts'

/** Blocks of more values, or of more miniblocks, than any writer makes are taken for damage. */
const MAX_BLOCK = 1 << 20

export interface DeltaIntegers {
  readonly values: BigInt64Array
  /** where the encoded integers end */
  readonly end: number
}

/**
 * Decodes `count` integers from DELTA_BINARY_PACKED (parquet-format, Encodings.md, DELTA = 5). Arithmetic wraps
 * at 64 bits, or at 32 when `bits` says so.
 */
export function decodeDelta(
  bytes: Uint8Array,
  from: number,
  end: number,
  count: number,
  bits: 32 | 64,
): DeltaIntegers {
  let at = from
  const byte = (): number => {
    if (at >= end) throw new PageError('delta-encoded integers pass the end of their page')
    return bytes[at++]!
  }
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const next = byte()
      value |= BigInt(next & 127) << shift
      if (next < 128) return value
    }
    throw new PageError('an integer takes more than 10 bytes')
  }
  const zigzag = (): bigint => {
    const value = varint()
    return (value >> 1n) ^ -(value & 1n)
  }

  const blockValues = Number(varint())
  const miniblocks = Number(varint())
  const total = Number(varint())
  const perMiniblock = blockValues / miniblocks
  if (blockValues > MAX_BLOCK || !Number.isInteger(perMiniblock) || perMiniblock % 8 !== 0)
    throw new PageError(`delta blocks of ${blockValues} values in ${miniblocks} parts are not possible`)
  if (total !== count) throw new PageError(`${total} delta-encoded integers where ${count} are needed`)

  const values = new BigInt64Array(count)
  let value = zigzag()
  let filled = 0
  const put = (): void => {
    values[filled++] = BigInt.asIntN(bits, value)
  }
  if (total > 0) put()
  while (filled < total) {
    const least = zigzag()
    const widths = at
    for (let i = 0; i < miniblocks; i++) byte()
    for (let i = 0; i < miniblocks && filled < total; i++) {
      const width = bytes[widths + i]!
      if (width > 64) throw new PageError(`deltas of ${width} bits are not possible`)
      const size = (perMiniblock * width) / 8
      if (size > end - at) throw new PageError('delta-encoded integers pass the end of their page')
      let buffered = 0n
      let held = 0
      let next = at
      for (let k = 0; k < perMiniblock && filled < total; k++) {
        while (held < width) {
          buffered |= BigInt(bytes[next++]!) << BigInt(held)
          held += 8
        }
        value += least + BigInt.asUintN(width, buffered)
        buffered >>= BigInt(width)
        held -= width
        put()
      }
      at += size
    }
  }
  return { values, end: at }
}
