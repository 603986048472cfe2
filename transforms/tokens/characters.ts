import { CLASS_OF_CODE_POINT, OTHER } from './unicode-classes.ts'

/** A character as one number: its class bit in the low byte, its length in UTF-8 bytes above it. */
export type Character = number

/** `character >> WIDTH_SHIFT` is the length of a `Character` in bytes. */
export const WIDTH_SHIFT = 8

const ASCII_END = 0x80
const NOT_A_CHARACTER: Character = OTHER | (1 << WIDTH_SHIFT)

/** The class of an ASCII byte; 0, in no set of classes, for a byte of a longer sequence. */
const CLASS_OF_BYTE = new Uint8Array(256)
CLASS_OF_BYTE.set(CLASS_OF_CODE_POINT.subarray(0, ASCII_END))

/**
 * The character that starts at `index` (index < end). Reads nothing at or past `end`.
 * A byte that starts no well-formed sequence before `end` is a character of its own, of class OTHER.
 */
export function characterAt(bytes: Uint8Array, index: number, end: number): Character {
  const asciiClass = CLASS_OF_BYTE[bytes[index]!]!
  return asciiClass === 0 ? longCharacterAt(bytes, index, end) : asciiClass | (1 << WIDTH_SHIFT)
}

/** Where the longest run of characters of the given classes that starts at `start` ends; `start` if there is none. */
export function endOfRun(bytes: Uint8Array, start: number, end: number, classes: number): number {
  let index = start
  while (index < end) {
    const asciiClass = CLASS_OF_BYTE[bytes[index]!]!
    if ((asciiClass & classes) !== 0) {
      index++
    } else if (asciiClass !== 0) {
      break
    } else {
      const character = longCharacterAt(bytes, index, end)
      if ((character & classes) === 0) break
      index += character >> WIDTH_SHIFT
    }
  }
  return index
}

/** Where the last character of bytes[start, end) starts, for a range of whole characters that isn't empty. */
export function startOfLastCharacter(bytes: Uint8Array, start: number, end: number): number {
  let index = end - 1
  while (index > start && isContinuation(bytes[index]!)) index--
  return index
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

// Overlong forms, surrogates and code points past U+10FFFF can't stand in a string and are told apart only as far as
// the class table's bounds need it.
function longCharacterAt(bytes: Uint8Array, index: number, end: number): Character {
  const lead = bytes[index]!
  if (lead < 0xc2 || lead > 0xf4 || index + 1 >= end) return NOT_A_CHARACTER
  const second = bytes[index + 1]!
  if (!isContinuation(second)) return NOT_A_CHARACTER
  if (lead < 0xe0) return classified(((lead & 0x1f) << 6) | (second & 0x3f), 2)
  if (index + 2 >= end) return NOT_A_CHARACTER
  const third = bytes[index + 2]!
  if (!isContinuation(third)) return NOT_A_CHARACTER
  if (lead < 0xf0) return classified(((lead & 0xf) << 12) | ((second & 0x3f) << 6) | (third & 0x3f), 3)
  if (index + 3 >= end) return NOT_A_CHARACTER
  const fourth = bytes[index + 3]!
  if (!isContinuation(fourth)) return NOT_A_CHARACTER
  const codePoint = ((lead & 7) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f)
  return codePoint < CLASS_OF_CODE_POINT.length ? classified(codePoint, 4) : NOT_A_CHARACTER
}

function classified(codePoint: number, width: number): Character {
  return CLASS_OF_CODE_POINT[codePoint]! | (width << WIDTH_SHIFT)
}
