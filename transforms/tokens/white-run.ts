import { startOfLastCharacter } from './characters.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

export function isNewline(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN
}

/** `\s*[\r\n]` over the white run bytes[start, end): just past its last newline, or `start` if it has none. */
export function endOfLastNewline(bytes: Uint8Array, start: number, end: number): number {
  let index = end
  while (index > start && !isNewline(bytes[index - 1]!)) index--
  return index
}

/**
 * `\s+(?!\S)|\s` over the white run bytes[start, end) that something else follows: all but its last character, which
 * goes with what follows, or that character if it is alone.
 */
export function endBeforeLast(bytes: Uint8Array, start: number, end: number): number {
  const last = startOfLastCharacter(bytes, start, end)
  return last > start ? last : end
}
