import { characterAt, endOfRun, WIDTH_SHIFT } from './characters.ts'
import { APOSTROPHE, caselessContractionLength } from './contraction.ts'
import { endOfNumber } from './number.ts'
import { LETTER, NEWLINE, NUMBER, SYMBOL, WHITE } from './unicode-classes.ts'
import { endBeforeLast, endOfLastNewline, isNewline } from './white-run.ts'

const SPACE_BYTE = 0x20

/**
 * Where the piece of cl100k_base that starts at `start` ends (start < end; the text ends at `end`):
 *
 *     '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+
 *     |\s++$|\s*[\r\n]|\s+(?!\S)|\s
 */
export function cl100kPieceEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = characterAt(bytes, start, end)
  const afterFirst = start + (first >> WIDTH_SHIFT)
  if ((first & LETTER) !== 0) return endOfRun(bytes, afterFirst, end, LETTER)
  if ((first & NUMBER) !== 0) return endOfNumber(bytes, start, end)
  const firstByte = bytes[start]!
  if (firstByte === APOSTROPHE) {
    const length = caselessContractionLength(bytes, start, end)
    if (length > 0) return start + length
  }
  if ((first & NEWLINE) === 0 && afterFirst < end) {
    const lettersEnd = endOfRun(bytes, afterFirst, end, LETTER)
    if (lettersEnd > afterFirst) return lettersEnd
  }
  const symbols = firstByte === SPACE_BYTE ? afterFirst : start
  const symbolsEnd = endOfRun(bytes, symbols, end, SYMBOL)
  if (symbolsEnd > symbols) return endOfNewlines(bytes, symbolsEnd, end)
  const whiteEnd = endOfRun(bytes, start, end, WHITE)
  if (whiteEnd === end) return end
  const newlineEnd = endOfLastNewline(bytes, start, whiteEnd)
  return newlineEnd > start ? newlineEnd : endBeforeLast(bytes, start, whiteEnd)
}

function endOfNewlines(bytes: Uint8Array, start: number, end: number): number {
  let index = start
  while (index < end && isNewline(bytes[index]!)) index++
  return index
}
