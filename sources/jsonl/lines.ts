/** A line of a file, without its line feed. */
export interface Line {
  /** counted from 1, blank lines too */
  readonly number: number
  /** offset of its first byte in the decompressed file */
  readonly at: number
  /** in bytes */
  readonly length: number
  /** null when only positions were asked for, and when the line is longer than can be held */
  readonly bytes: Buffer | null
}

/** Where a line starts. */
export interface LineStart {
  readonly number: number
  readonly at: number
}

/** About the longest string that V8 makes. */
export const MAX_LINE_BYTES = 512e6

const LINE_FEED = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The lines of a file that aren't blank. Only a line feed ends a line: a carriage return before it is white
 * space to JSON, and U+2028 may stand in a JSON text. A byte order mark before the first line is left out.
 * With `keep` the bytes of each line are collected; without, memory stays at one chunk.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  start: LineStart,
  keep: boolean,
): AsyncGenerator<Line> {
  let { number, at } = start
  let parts: Buffer[] = []
  let length = 0
  let blank = true

  const add = (part: Buffer): void => {
    if (part.length === 0) return
    blank &&= isBlank(part)
    length += part.length
    if (!keep) return
    if (length <= MAX_LINE_BYTES) parts.push(part)
    else parts = []
  }
  const take = (): Line => {
    if (!keep || length > MAX_LINE_BYTES) return { number, at, length, bytes: null }
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    const marked = at === 0 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    return { number, at, length, bytes: marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes }
  }
  const reset = (size: number): void => {
    number++
    at += size
    parts = []
    length = 0
    blank = true
  }

  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, end))
      if (!blank) yield take()
      reset(length + 1)
      from = end + 1
    }
    add(chunk.subarray(from))
  }
  if (!blank) yield take()
}

/** White space as JSON has it, and a byte order mark on an otherwise empty line. */
function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes)
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && !BYTE_ORDER_MARK.includes(byte)) return false
  return true
}
