export const APOSTROPHE = 0x27

const CASE_BIT = 0x20
const LOWER_D = 0x64
const LOWER_E = 0x65
const LOWER_L = 0x6c
const LOWER_M = 0x6d
const LOWER_R = 0x72
const LOWER_S = 0x73
const LOWER_T = 0x74
const LOWER_V = 0x76
// U+017F, the long s, folds to s.
const LONG_S_LEAD = 0xc5
const LONG_S_CONTINUATION = 0xbf

/** Length in bytes of `'(?:[sdmt]|ll|ve|re)` at the apostrophe at `index`, 0 if it isn't there. */
export function contractionLength(bytes: Uint8Array, index: number, end: number): number {
  const first = index + 1 < end ? bytes[index + 1]! : 0
  const second = index + 2 < end ? bytes[index + 2]! : 0
  return suffixLength(first, second)
}

/** Length in bytes of `'(?i:[sdmt]|ll|ve|re)` at the apostrophe at `index`, 0 if it isn't there. */
export function caselessContractionLength(bytes: Uint8Array, index: number, end: number): number {
  const first = index + 1 < end ? bytes[index + 1]! : 0
  const second = index + 2 < end ? bytes[index + 2]! : 0
  if (first === LONG_S_LEAD && second === LONG_S_CONTINUATION) return 3
  return suffixLength(lowered(first), lowered(second))
}

// Only capitals may be folded: the case bit would turn other bytes, DC1 for one, into other characters too.
function lowered(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | CASE_BIT : byte
}

function suffixLength(first: number, second: number): number {
  switch (first) {
    case LOWER_S:
    case LOWER_D:
    case LOWER_M:
    case LOWER_T:
      return 2
    case LOWER_L:
      return second === LOWER_L ? 3 : 0
    case LOWER_V:
    case LOWER_R:
      return second === LOWER_E ? 3 : 0
    default:
      return 0
  }
}
