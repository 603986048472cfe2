import { inflateSync } from 'node:zlib'
import type { PatchScan } from './patch-scan.ts'

/** The digits of git's base 85, in order: the alphabet of RFC 1924. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'

const digitOfCode = new Int8Array(128).fill(-1)
for (const [digit, character] of [...alphabet].entries()) digitOfCode[character.charCodeAt(0)] = digit

/**
 * Data that inflates further than this, compared to its deflated size, is taken on trust: checking it is
 * then more work than reading the patch.
 */
const furthestInflation = 64

/**
 * Reads the one or two hunks below `GIT binary patch`, at whose line the cursor stands: forward, then perhaps
 * reverse, each a method and the inflated size, lines of deflated data in base 85, an empty line. Answers
 * whether git could read them.
 */
export function readBinaryHunks(scan: PatchScan): boolean {
  scan.cursor.advance()
  if (inflatedSize(scan) === null || !readBinaryHunk(scan)) return false
  return inflatedSize(scan) === null || readBinaryHunk(scan)
}

/** The size on a `literal N` or `delta N` line; null on any other line. */
function inflatedSize({ cursor }: PatchScan): number | null {
  const size = /^(?:literal|delta) (\d{0,15})/.exec(cursor.text.slice(cursor.start, cursor.start + 24))
  return size && Number(size[1])
}

function readBinaryHunk(scan: PatchScan): boolean {
  const { cursor } = scan
  const { text } = cursor
  const size = inflatedSize(scan)!
  cursor.advance()
  const first = cursor.start
  let bytes = 0
  for (; cursor.end - cursor.start !== 1; cursor.advance()) {
    const lineBytes = bytesOnLine(text, cursor.start, cursor.end)
    if (lineBytes === null) return false
    bytes += lineBytes
  }
  const deflated = decode(text, first, bytes)
  cursor.advance()
  return deflated !== null && inflatesTo(deflated, size)
}

/** The bytes that a line announces with its first letter, A-Z for 1-26, a-z for 27-52, and has digits for. */
function bytesOnLine(text: string, start: number, end: number): number | null {
  const length = end - start
  if (length < 7 || (length - 2) % 5 !== 0) return null
  const code = text.charCodeAt(start)
  const bytes = code >= 65 && code <= 90 ? code - 64 : code >= 97 && code <= 122 ? code - 70 : 0
  const groups = (length - 2) / 5
  return bytes > (groups - 1) * 4 && bytes <= groups * 4 ? bytes : null
}

/** Decodes the lines from `start` that hold `bytes` bytes; null where a digit or a group's value is none. */
function decode(text: string, start: number, bytes: number): Buffer | null {
  const decoded = Buffer.alloc(bytes + 3)
  let at = start
  for (let written = 0; written < bytes; ) {
    const code = text.charCodeAt(at++)
    const lineEnd = written + (code >= 97 ? code - 70 : code - 64)
    for (; written < lineEnd; written += 4) {
      let value = 0
      for (const groupEnd = at + 5; at < groupEnd; at++) {
        const digit = digitOfCode[text.charCodeAt(at)] ?? -1
        if (digit < 0) return null
        value = value * 85 + digit
      }
      if (value > 0xffffffff) return null
      decoded.writeUInt32BE(value, written)
    }
    written = lineEnd
    at++
  }
  return decoded.subarray(0, bytes)
}

function inflatesTo(deflated: Buffer, size: number): boolean {
  if (size > deflated.length * furthestInflation) return true
  try {
    return inflateSync(deflated, { maxOutputLength: Math.max(size, 1) }).length === size
  } catch {
    return false // broken data, or more of it than announced
  }
}
