import { PageError } from './page-error.ts'

/** The decompressed size at the head of Snappy data (github.com/google/snappy, format_description.txt). */
export function snappyLength(input: Uint8Array): number {
  let length = 0
  for (let at = 0; at < 5; at++) {
    const byte = input[at]
    if (byte === undefined) break
    length += (byte & 127) * 2 ** (7 * at)
    if (byte < 128) return length
  }
  throw new PageError('SNAPPY data does not start with its length')
}

/**
 * The first bytes of Snappy data, as many as fit `output`, from the first bytes of the input. The levels of a
 * page come first in it, and they are all that is needed to count its rows. False when `input` ends before
 * `output` is full.
 */
export function snappyPrefix(input: Uint8Array, output: Uint8Array): boolean {
  let at = 0
  while (input[at]! >= 128) at++
  at++
  let filled = 0
  while (filled < output.length) {
    const tag = input[at]
    if (tag === undefined) return false
    at++
    if ((tag & 3) === 0) {
      let length = (tag >> 2) + 1
      if (length > 60) {
        const lengthBytes = length - 60
        length = 1 + littleEndian(input, at, lengthBytes)
        at += lengthBytes
      }
      const taken = Math.min(length, output.length - filled)
      if (at + taken > input.length) return false
      output.set(input.subarray(at, at + taken), filled)
      filled += taken
      at += length
    } else {
      const offsetBytes = [1, 2, 4][(tag & 3) - 1]!
      if (at + offsetBytes > input.length) return false
      const low = littleEndian(input, at, offsetBytes)
      at += offsetBytes
      const short = offsetBytes === 1
      const length = short ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
      const offset = short ? ((tag >> 5) << 8) + low : low
      if (offset === 0 || offset > filled) throw new PageError('SNAPPY data refers to before its start')
      const end = Math.min(filled + length, output.length)
      for (; filled < end; filled++) output[filled] = output[filled - offset]!
    }
  }
  return true
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = 0; i < count; i++) value += (bytes[at + i] ?? 0) * 2 ** (8 * i)
  return value
}
