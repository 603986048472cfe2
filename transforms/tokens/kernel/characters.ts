import { base, BLOCK_OF_HIGH_BYTES, CLASS_BLOCKS, CLASS_OF_BYTE } from './memory-map'

// The classes of ../unicode-classes.ts: one bit each.
export const LOWER: u32 = 1
export const UPPER: u32 = 2
export const CASELESS: u32 = 4
export const MARK: u32 = 8
export const NUMBER: u32 = 16
export const SPACE: u32 = 32
export const NEWLINE: u32 = 64
export const OTHER: u32 = 128
export const LETTER: u32 = LOWER | UPPER | CASELESS
export const WHITE: u32 = SPACE | NEWLINE
export const SYMBOL: u32 = MARK | OTHER

/** A character is its class with its length in bytes above it. */
export const WIDTH_SHIFT: u32 = 8
const NOT_A_CHARACTER: u32 = OTHER | (1 << WIDTH_SHIFT)

/** The character at `index` < `end`; a byte that starts no well-formed sequence is one of its own, of class OTHER. */
export function characterAt(index: usize, end: usize): u32 {
  const asciiClass: u32 = load<u8>(base + CLASS_OF_BYTE + <usize>load<u8>(index))
  return asciiClass != 0 ? asciiClass | (1 << WIDTH_SHIFT) : longCharacterAt(index, end)
}

/** Where the longest run of characters of the given classes that starts at `start` ends. */
export function endOfRun(start: usize, end: usize, classes: u32): usize {
  let index = start
  while (index < end) {
    const asciiClass: u32 = load<u8>(base + CLASS_OF_BYTE + <usize>load<u8>(index))
    if ((asciiClass & classes) != 0) {
      index++
    } else if (asciiClass != 0) {
      break
    } else {
      const character = longCharacterAt(index, end)
      if ((character & classes) == 0) break
      index += character >> WIDTH_SHIFT
    }
  }
  return index
}

/** Where the last character of [start, end) starts, for a range of whole characters that isn't empty. */
export function startOfLastCharacter(start: usize, end: usize): usize {
  let index = end - 1
  while (index > start && isContinuation(load<u8>(index))) index--
  return index
}

function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80
}

function longCharacterAt(index: usize, end: usize): u32 {
  const lead: u32 = load<u8>(index)
  if (lead < 0xc2 || lead > 0xf4 || index + 1 >= end) return NOT_A_CHARACTER
  const second: u32 = load<u8>(index, 1)
  if (!isContinuation(second)) return NOT_A_CHARACTER
  if (lead < 0xe0) return classified(((lead & 0x1f) << 6) | (second & 0x3f), 2)
  if (index + 2 >= end) return NOT_A_CHARACTER
  const third: u32 = load<u8>(index, 2)
  if (!isContinuation(third)) return NOT_A_CHARACTER
  if (lead < 0xf0) return classified(((lead & 0xf) << 12) | ((second & 0x3f) << 6) | (third & 0x3f), 3)
  if (index + 3 >= end) return NOT_A_CHARACTER
  const fourth: u32 = load<u8>(index, 3)
  if (!isContinuation(fourth)) return NOT_A_CHARACTER
  const codePoint = ((lead & 7) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f)
  return codePoint < 0x110000 ? classified(codePoint, 4) : NOT_A_CHARACTER
}

function classified(codePoint: u32, width: u32): u32 {
  const block: usize = load<u8>(base + BLOCK_OF_HIGH_BYTES + (codePoint >> 8))
  return <u32>load<u8>(base + CLASS_BLOCKS + (block << 8) + (codePoint & 0xff)) | (width << WIDTH_SHIFT)
}
