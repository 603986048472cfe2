import { type Character, characterAt, endOfRun, startOfLastCharacter, WIDTH_SHIFT } from './characters.ts'
import { APOSTROPHE, caselessContractionLength } from './contraction.ts'
import { endOfNumber } from './number.ts'
import { CASELESS, LETTER, LOWER, MARK, NEWLINE, NUMBER, SYMBOL, UPPER, WHITE } from './unicode-classes.ts'
import { endBeforeLast, endOfLastNewline, isNewline } from './white-run.ts'

const SPACE_BYTE = 0x20
const SLASH = 0x2f

// The two halves of a word share the letters without case and the marks.
const COMMON = CASELESS | MARK
const HEAD = UPPER | COMMON
const TAIL = LOWER | COMMON

/**
 * Where the piece of o200k_base that starts at `start` ends (start < end; the text ends at `end`), with HEAD for
 * `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, TAIL for `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` and SUFFIX for `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`:
 *
 *     [^\r\n\p{L}\p{N}]?HEAD*TAIL+SUFFIX|[^\r\n\p{L}\p{N}]?HEAD+TAIL*SUFFIX|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*
 *     |\s*[\r\n]+|\s+(?!\S)|\s+
 */
export function o200kPieceEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = characterAt(bytes, start, end)
  if ((first & NUMBER) !== 0) return endOfNumber(bytes, start, end)
  const wordEnd = endOfWord(bytes, start, first, end)
  if (wordEnd > start) return endOfSuffix(bytes, wordEnd, end)
  const symbols = bytes[start] === SPACE_BYTE ? start + 1 : start
  const symbolsEnd = endOfRun(bytes, symbols, end, SYMBOL)
  if (symbolsEnd > symbols) return endOfNewlinesAndSlashes(bytes, symbolsEnd, end)
  const whiteEnd = endOfRun(bytes, start, end, WHITE)
  const newlineEnd = endOfLastNewline(bytes, start, whiteEnd)
  if (newlineEnd > start) return newlineEnd
  return whiteEnd === end ? end : endBeforeLast(bytes, start, whiteEnd)
}

/** Where the two word alternatives end, SUFFIX apart; `start` if neither matches. `first` is the character at `start`. */
function endOfWord(bytes: Uint8Array, start: number, first: Character, end: number): number {
  if ((first & NEWLINE) !== 0) return start
  const letters = (first & LETTER) !== 0 ? start : start + (first >> WIDTH_SHIFT)
  const headEnd = endOfRun(bytes, letters, end, HEAD)
  const tailEnd = endOfRun(bytes, headEnd, end, TAIL)
  if (tailEnd > headEnd) return tailEnd
  const commonEnd = endOfLastCommon(bytes, letters, headEnd)
  if (commonEnd > letters) return commonEnd
  // Where HEAD*TAIL+ fails after a leading mark, the first alternative takes the mark itself for TAIL+.
  if ((first & MARK) !== 0) return letters
  return headEnd > letters ? headEnd : start
}

/** Just past the last character of the HEAD run bytes[start, end) that TAIL takes too; `start` if there is none. */
function endOfLastCommon(bytes: Uint8Array, start: number, end: number): number {
  let index = end
  while (index > start) {
    const last = startOfLastCharacter(bytes, start, index)
    if ((characterAt(bytes, last, end) & COMMON) !== 0) return index
    index = last
  }
  return start
}

function endOfSuffix(bytes: Uint8Array, wordEnd: number, end: number): number {
  return wordEnd < end && bytes[wordEnd] === APOSTROPHE
    ? wordEnd + caselessContractionLength(bytes, wordEnd, end)
    : wordEnd
}

function endOfNewlinesAndSlashes(bytes: Uint8Array, start: number, end: number): number {
  let index = start
  while (index < end && (isNewline(bytes[index]!) || bytes[index] === SLASH)) index++
  return index
}
