import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export type Compression = 'none' | 'gzip' | 'zstd'

/** What a file holds, by its bytes. */
export type FileFormat =
  | { readonly kind: 'parquet' }
  | { readonly kind: 'jsonl'; readonly compression: Compression }
  | { readonly kind: 'other'; readonly why: string }

const PARQUET = Buffer.from('PAR1')
const ENCRYPTED_PARQUET = Buffer.from('PARE')
const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
/** Zstd frames that hold no data start with 0x50 to 0x5f and these. */
const ZSTD_SKIPPABLE = Buffer.from([0x2a, 0x4d, 0x18])
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
/** Blank lines before the first row are looked through this far. */
export const HEAD_BYTES = 4_096
const WHITE = new Set([0x20, 0x09, 0x0a, 0x0d])

/** What a file on disk holds. Throws what the file system throws. */
export function detectFormat(path: string): FileFormat {
  const descriptor = openSync(path, 'r')
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, fstatSync(descriptor).size))
    return formatOf(head.subarray(0, readSync(descriptor, head, 0, head.length, 0)))
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Tells a Parquet file by its magic bytes, and JSON lines by the brace of the first row; what is compressed is taken
 * for JSON lines. Names and endings don't count. `head` is the beginning of the file, as much of it as HEAD_BYTES.
 */
export function formatOf(head: Buffer): FileFormat {
  if (head.length === 0) return { kind: 'other', why: 'it is empty' }
  // A cut-off file is not passed over in silence: reading its footer says what is wrong with it.
  if (startsWith(head, PARQUET) || startsWith(head, ENCRYPTED_PARQUET)) return { kind: 'parquet' }
  if (startsWith(head, GZIP)) return { kind: 'jsonl', compression: 'gzip' }
  if (startsWith(head, ZSTD) || (startsWith(head.subarray(1), ZSTD_SKIPPABLE) && head[0]! >> 4 === 5))
    return { kind: 'jsonl', compression: 'zstd' }
  const text = startsWith(head, BYTE_ORDER_MARK) ? head.subarray(BYTE_ORDER_MARK.length) : head
  const first = text.find((byte) => !WHITE.has(byte))
  if (first === '{'.charCodeAt(0)) {
    // A manifest, a configuration: written for people, and no row by the line.
    const [line] = text.toString('latin1').trimStart().split('\n')
    if (line!.trimEnd() === '{') return { kind: 'other', why: 'it is one JSON document, not JSON lines' }
    return { kind: 'jsonl', compression: 'none' }
  }
  return {
    kind: 'other',
    why: first === undefined ? 'it holds only blanks' : 'it is neither Parquet nor JSON lines',
  }
}

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic)
