import { parseJson } from '../parse/parse-json.ts'

/** Nesting that every common JSON reader takes; Python's give up near a thousand. */
const MAX_DEPTH = 100
/** Integers of up to 18 digits fit in 64 bits. */
const MAX_DIGITS = 18

/**
 * A recorded JSON text as it can stand on a line of JSON Lines, when it is an object that trainers' readers carry
 * unchanged; null when it is not JSON, not an object, nested deeper than 100, or holds an integer of more than 18
 * digits or half a surrogate pair. Numbers, the order of keys and repeated keys stay as recorded.
 *
 * The limits are those of pandas' JSON reader, which `datasets` loads JSON Lines with: one longer integer among
 * the first 10 MB makes it fill None into every call's arguments, halves of surrogate pairs vanish, and deep
 * nesting ends in a RecursionError (datasets 5.2.0, pandas 3.1.1).
 *
 * @param value what the text is as JSON, where that is known; undefined where it is none
 */
export function portableObject(text: string, value: unknown = parseJson(text)): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  if (!staysInBounds(text) || hasHalfSurrogate(text)) return null
  // line breaks and tabs can only stand between tokens: inside of strings JSON has them escaped
  const trimmed = text.trim()
  return /[\n\r\t]/.test(trimmed) ? trimmed.replace(/[\n\r\t]+/g, ' ') : trimmed
}

/** Of valid JSON: whether nesting and the digits of integers stay within what readers take. */
function staysInBounds(text: string): boolean {
  let depth = 0
  let digits = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    digits = character >= '0' && character <= '9' ? digits + 1 : 0
    if (digits > MAX_DIGITS) return false
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') {
      if (++depth > MAX_DEPTH) return false
    } else if (character === '}' || character === ']') depth--
  }
  return true
}

/** Index of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at)
    let escapes = 0
    while (text[at - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return at
  }
}

function hasHalfSurrogate(text: string): boolean {
  if (!text.isWellFormed()) return true
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false
  const unicodeEscapes = text.replace(/\\[^u]/g, ' ')
  const withoutPairs = unicodeEscapes.replace(/\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w/g, ' ')
  return /\\u[dD][89a-fA-F]/.test(withoutPairs)
}
