import { PageError } from './page-error.ts'

/**
 * BYTE_STREAM_SPLIT (parquet-format, Encodings.md, 9): the first bytes of all values, then the second bytes, and
 * so on. Returns the values one after another, as PLAIN has them.
 */
export function joinByteStreams(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
  width: number,
): Uint8Array {
  if (count * width !== end - at)
    throw new PageError(`${count} values of ${width} bytes in ${end - at} bytes`)
  const joined = new Uint8Array(count * width)
  for (let part = 0; part < width; part++)
    for (let i = 0; i < count; i++) joined[i * width + part] = bytes[at + part * count + i]!
  return joined
}
