import { CLASS_RUNS } from './unicode-class-runs.ts'

/**
 * The character classes that the piece rules tell apart, one bit each, so that a set of classes is a mask.
 * Every code point is in exactly one class, and a class fits a byte.
 */
export const LOWER = 1 // \p{Ll}
export const UPPER = 2 // \p{Lu} and \p{Lt}
export const CASELESS = 4 // \p{Lm} and \p{Lo}
export const MARK = 8 // \p{M}
export const NUMBER = 16 // \p{N}
export const SPACE = 32 // \s without carriage return and line feed
export const NEWLINE = 64 // carriage return and line feed
export const OTHER = 128

/** `\p{L}` */
export const LETTER = LOWER | UPPER | CASELESS
/** `\s`, as the reference engine reads it: U+0085 is in it, U+FEFF isn't. */
export const WHITE = SPACE | NEWLINE
/** `[^\s\p{L}\p{N}]` */
export const SYMBOL = MARK | OTHER

const CODE_POINTS = 0x110000

const CLASS_OF_LETTER: Readonly<Record<string, number>> = {
  L: LOWER,
  U: UPPER,
  C: CASELESS,
  M: MARK,
  N: NUMBER,
  S: SPACE,
  R: NEWLINE,
  O: OTHER,
}

/**
 * The class of every code point, as a table indexed by code point (1.1 MB, made once a thread).
 *
 * The classes are those of the regex engine inside Python tiktoken and not those of Node's ICU, which follows another
 * Unicode version and another `\s`: unicode-class-runs.py says how they are read off.
 */
export const CLASS_OF_CODE_POINT: Uint8Array = expandRuns(CLASS_RUNS.replaceAll('\n', ''))

function expandRuns(runs: string): Uint8Array {
  const classes = new Uint8Array(CODE_POINTS)
  let codePoint = 0
  for (const [, letter, length] of runs.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    const next = codePoint + (length ? Number.parseInt(length, 36) : 1)
    classes.fill(CLASS_OF_LETTER[letter!]!, codePoint, next)
    codePoint = next
  }
  return classes
}
