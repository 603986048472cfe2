import {
  CASELESS,
  characterAt,
  endOfRun,
  LETTER,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  startOfLastCharacter,
  SYMBOL,
  UPPER,
  WHITE,
  WIDTH_SHIFT,
} from './characters'
import { APOSTROPHE, caselessContractionLength, contractionLength } from './contraction'

/*
 * Where the piece that starts at `start` ends, one character after the other: the rules that ../cl100k-pieces.ts,
 * ../o200k-pieces.ts and ../gpt2-pieces.ts state and explain, in the same steps.
 */

const SPACE_BYTE: u32 = 0x20
const SLASH: u32 = 0x2f

export function cl100kPieceEnd(start: usize, end: usize): usize {
  const first = characterAt(start, end)
  const afterFirst = start + (first >> WIDTH_SHIFT)
  if ((first & LETTER) != 0) return endOfRun(afterFirst, end, LETTER)
  if ((first & NUMBER) != 0) return endOfNumber(start, end)
  const firstByte: u32 = load<u8>(start)
  if (firstByte == APOSTROPHE) {
    const length = caselessContractionLength(start, end)
    if (length > 0) return start + length
  }
  if ((first & NEWLINE) == 0 && afterFirst < end) {
    const lettersEnd = endOfRun(afterFirst, end, LETTER)
    if (lettersEnd > afterFirst) return lettersEnd
  }
  const symbols = firstByte == SPACE_BYTE ? afterFirst : start
  const symbolsEnd = endOfRun(symbols, end, SYMBOL)
  if (symbolsEnd > symbols) return endOfNewlines(symbolsEnd, end, false)
  const whiteEnd = endOfRun(start, end, WHITE)
  if (whiteEnd == end) return end
  const newlineEnd = endOfLastNewline(start, whiteEnd)
  return newlineEnd > start ? newlineEnd : endBeforeLast(start, whiteEnd)
}

const COMMON: u32 = CASELESS | MARK
const HEAD: u32 = UPPER | COMMON
const TAIL: u32 = LOWER | COMMON

export function o200kPieceEnd(start: usize, end: usize): usize {
  const first = characterAt(start, end)
  if ((first & NUMBER) != 0) return endOfNumber(start, end)
  const wordEnd = endOfWord(start, first, end)
  if (wordEnd > start)
    return wordEnd < end && load<u8>(wordEnd) == APOSTROPHE
      ? wordEnd + caselessContractionLength(wordEnd, end)
      : wordEnd
  const symbols = load<u8>(start) == SPACE_BYTE ? start + 1 : start
  const symbolsEnd = endOfRun(symbols, end, SYMBOL)
  if (symbolsEnd > symbols) return endOfNewlines(symbolsEnd, end, true)
  const whiteEnd = endOfRun(start, end, WHITE)
  const newlineEnd = endOfLastNewline(start, whiteEnd)
  if (newlineEnd > start) return newlineEnd
  return whiteEnd == end ? end : endBeforeLast(start, whiteEnd)
}

function endOfWord(start: usize, first: u32, end: usize): usize {
  if ((first & NEWLINE) != 0) return start
  const letters = (first & LETTER) != 0 ? start : start + (first >> WIDTH_SHIFT)
  const headEnd = endOfRun(letters, end, HEAD)
  const tailEnd = endOfRun(headEnd, end, TAIL)
  if (tailEnd > headEnd) return tailEnd
  const commonEnd = endOfLastCommon(letters, headEnd, end)
  if (commonEnd > letters) return commonEnd
  if ((first & MARK) != 0) return letters
  return headEnd > letters ? headEnd : start
}

function endOfLastCommon(start: usize, runEnd: usize, end: usize): usize {
  let index = runEnd
  while (index > start) {
    const last = startOfLastCharacter(start, index)
    if ((characterAt(last, end) & COMMON) != 0) return index
    index = last
  }
  return start
}

export function gpt2PieceEnd(start: usize, end: usize): usize {
  const firstByte: u32 = load<u8>(start)
  if (firstByte == APOSTROPHE) {
    const length = contractionLength(start, end)
    if (length > 0) return start + length
  }
  const body = firstByte == SPACE_BYTE && start + 1 < end ? start + 1 : start
  const character = characterAt(body, end)
  const afterCharacter = body + (character >> WIDTH_SHIFT)
  if ((character & LETTER) != 0) return endOfRun(afterCharacter, end, LETTER)
  if ((character & NUMBER) != 0) return endOfRun(afterCharacter, end, NUMBER)
  if ((character & SYMBOL) != 0) return endOfRun(afterCharacter, end, SYMBOL)
  const whiteEnd = endOfRun(start, end, WHITE)
  return whiteEnd == end ? end : endBeforeLast(start, whiteEnd)
}

function endOfNumber(start: usize, end: usize): usize {
  let index = start
  for (let digits = 0; digits < 3 && index < end; digits++) {
    const character = characterAt(index, end)
    if ((character & NUMBER) == 0) break
    index += character >> WIDTH_SHIFT
  }
  return index
}

function endOfNewlines(start: usize, end: usize, withSlashes: bool): usize {
  let index = start
  while (index < end && (isNewline(load<u8>(index)) || (withSlashes && load<u8>(index) == SLASH))) index++
  return index
}

function isNewline(byte: u32): bool {
  return byte == 0x0a || byte == 0x0d
}

function endOfLastNewline(start: usize, end: usize): usize {
  let index = end
  while (index > start && !isNewline(load<u8>(index - 1))) index--
  return index
}

function endBeforeLast(start: usize, end: usize): usize {
  const last = startOfLastCharacter(start, end)
  return last > start ? last : end
}
