import { PageError } from './page-error.ts'

/** Bits needed for values from 0 to `max`. */
export const bitWidth = (max: number): number => 32 - Math.clz32(max)

/** Wider values than this don't fit the 32-bit accumulator together with another byte. */
const NARROW = 24

/**
 * Decodes `count` values of `width` bits from Parquet's hybrid of run lengths and bit packing
 * (parquet-format, Encodings.md, RLE = 3), used for levels, dictionary indices and booleans. Every run is
 * checked against `end`; a bit-packed run may be cut after its last needed byte, as some writers do.
 */
export function decodeHybrid(
  bytes: Uint8Array,
  at: number,
  end: number,
  width: number,
  out: Uint8Array | Uint32Array,
  count: number,
): void {
  if (width > 32) throw new PageError(`values of ${width} bits are not possible`)
  if (width === 0) {
    out.fill(0, 0, count)
    return
  }
  const valueBytes = (width + 7) >> 3
  let filled = 0
  while (filled < count) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new PageError(`runs end after ${filled} of ${count} values`)
      const byte = bytes[at++]!
      header += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    const packed = header % 2 === 1
    const length = Math.floor(header / 2)
    if (packed) {
      const wanted = Math.min(length * 8, count - filled)
      if (Math.ceil((wanted * width) / 8) > end - at)
        throw new PageError(`a run of ${wanted} packed values passes the end of its page`)
      if (width <= NARROW) unpackNarrow(bytes, at, width, out, filled, wanted)
      else unpackWide(bytes, at, width, out, filled, wanted)
      at += Math.min(length * width, end - at)
      filled += wanted
    } else {
      if (valueBytes > end - at) throw new PageError('a run passes the end of its page')
      let value = 0
      for (let i = 0; i < valueBytes; i++) value += bytes[at++]! * 2 ** (8 * i)
      const wanted = Math.min(length, count - filled)
      out.fill(value, filled, filled + wanted)
      filled += wanted
    }
  }
}

function unpackNarrow(
  bytes: Uint8Array,
  from: number,
  width: number,
  out: Uint8Array | Uint32Array,
  filled: number,
  count: number,
): void {
  const mask = (1 << width) - 1
  let at = from
  let buffered = 0
  let bits = 0
  for (let i = 0; i < count; i++) {
    while (bits < width) {
      buffered |= bytes[at++]! << bits
      bits += 8
    }
    out[filled + i] = buffered & mask
    buffered >>>= width
    bits -= width
  }
}

function unpackWide(
  bytes: Uint8Array,
  from: number,
  width: number,
  out: Uint8Array | Uint32Array,
  filled: number,
  count: number,
): void {
  const limit = 2 ** width
  let at = from
  let buffered = 0
  let bits = 0
  for (let i = 0; i < count; i++) {
    while (bits < width) {
      buffered += bytes[at++]! * 2 ** bits
      bits += 8
    }
    out[filled + i] = buffered % limit
    buffered = Math.floor(buffered / limit)
    bits -= width
  }
}
