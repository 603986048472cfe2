import { PageError } from './page-error.ts'

/** Bits needed for values from 0 to `max`. */
export const bitWidth = (max: number): number => 32 - Math.clz32(max)

/** Wider values than this don't fit the 32-bit accumulator together with another byte. */
const NARROW = 24
/** Values are packed in so many at a time … */
const PACKED = 8
/** … and by DuckDB always in so many, with anything behind the last. */
const DUCKDB_BLOCK = 256

/**
 * Decodes `count` values of `width` bits from Parquet's hybrid of run lengths and bit packing
 * (parquet-format, Encodings.md, RLE = 3), used for levels, dictionary positions and booleans. The runs must end
 * at `end` with the last value: a wrong count would show nowhere else. Packed values come in eights, or in the
 * blocks of DuckDB, so some may follow to fill them; a packed run may also be cut after its last needed byte, as
 * some writers do.
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
  if (width === 0 && at === end) {
    out.fill(0, 0, count)
    return
  }
  const valueBytes = (width + 7) >> 3
  const limit = 2 ** width
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
    const length = Math.floor(header / 2) * (packed ? PACKED : 1)
    const wanted = Math.min(length, count - filled)
    if (packed) {
      if (Math.ceil((wanted * width) / 8) > end - at)
        throw new PageError(`a run of ${wanted} packed values passes the end of its page`)
      if (width <= NARROW) unpackNarrow(bytes, at, width, out, filled, wanted)
      else unpackWide(bytes, at, width, out, filled, wanted)
      if (length - wanted >= PACKED && length !== DUCKDB_BLOCK)
        throw new PageError(`a run has ${length - wanted} values more than the ${count} that are needed`)
      at = Math.min(at + (length / PACKED) * width, end)
    } else {
      if (valueBytes > end - at) throw new PageError('a run passes the end of its page')
      if (wanted < length)
        throw new PageError(`a run has ${length - wanted} values more than the ${count} that are needed`)
      let value = 0
      for (let i = 0; i < valueBytes; i++) value += bytes[at++]! * 2 ** (8 * i)
      if (value >= limit) throw new PageError(`a run of ${value} where values have ${width} bits`)
      out.fill(value, filled, filled + wanted)
    }
    filled += wanted
  }
  if (at !== end) throw new PageError(`${end - at} bytes are left after ${count} values`)
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
