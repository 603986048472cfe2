/*
 * Escapes UTF-8 as the inside of a JSON string, as JSON.stringify does. Sixteen bytes at a time are copied as they are
 * and looked through for one that needs more.
 */

const QUOTE: u32 = 0x22
const BACKSLASH: u32 = 0x5c
const FIRST_PRINTABLE: u32 = 0x20
const FIRST_OF_SEQUENCE: u32 = 0x80

/**
 * Writes the text [start, end) to `to` and answers where what was written ends, or 0 when the text is not valid UTF-8.
 * 16 readable bytes follow the text; at `to` there is room for 6 bytes for each of the text's, and 16 more.
 */
export function escape(start: usize, end: usize, to: usize): usize {
  let at = start
  let out = to
  while (at < end) {
    const bytes = v128.load(at)
    v128.store(out, bytes)
    // Bytes from 0x80 on are negative, so that they and the control characters are all below the space.
    let special: u32 = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))),
        i8x16.lt_s(bytes, i8x16.splat(<i8>FIRST_PRINTABLE)),
      ),
    )
    const left = end - at
    if (left < 16) special |= 1 << <u32>left
    if (special == 0) {
      at += 16
      out += 16
      continue
    }
    const plain = <usize>ctz(special)
    at += plain
    out += plain
    if (at >= end) break
    const byte: u32 = load<u8>(at)
    if (byte >= FIRST_OF_SEQUENCE) {
      const length = sequenceLength(at, end)
      if (length == 0) return 0
      store<u32>(out, load<u32>(at))
      at += length
      out += length
    } else {
      out = escapeByte(byte, out)
      at++
    }
  }
  return out
}

function escapeByte(byte: u32, out: usize): usize {
  store<u8>(out, BACKSLASH)
  const letter = letterOf(byte)
  if (letter != 0) {
    store<u8>(out, letter, 1)
    return out + 2
  }
  // u00 and two hexadecimal digits
  store<u8>(out, 0x75, 1)
  store<u16>(out, 0x3030, 2)
  const low = byte & 0xf
  store<u8>(out, 0x30 + (byte >> 4), 4)
  store<u8>(out, low < 10 ? 0x30 + low : 0x57 + low, 5)
  return out + 6
}

/** What follows the backslash of a character that has a short escape; 0 for the others. */
function letterOf(byte: u32): u32 {
  switch (byte) {
    case 0x08:
      return 0x62
    case 0x09:
      return 0x74
    case 0x0a:
      return 0x6e
    case 0x0c:
      return 0x66
    case 0x0d:
      return 0x72
    case QUOTE:
    case BACKSLASH:
      return byte
    default:
      return 0
  }
}

/** Length of the well-formed sequence at `at` (Unicode, table 3-7), whose first byte is not ASCII; 0 if it is none. */
function sequenceLength(at: usize, end: usize): usize {
  const first: u32 = load<u8>(at)
  const second: u32 = load<u8>(at, 1)
  const left = end - at
  if (first < 0xc2 || first > 0xf4 || left < 2) return 0
  if (first < 0xe0) return isBetween(second, 0x80, 0xbf) ? 2 : 0
  const third: u32 = load<u8>(at, 2)
  if (first < 0xf0) {
    const lowest: u32 = first == 0xe0 ? 0xa0 : 0x80
    const highest: u32 = first == 0xed ? 0x9f : 0xbf
    return left >= 3 && isBetween(second, lowest, highest) && isBetween(third, 0x80, 0xbf) ? 3 : 0
  }
  const lowest: u32 = first == 0xf0 ? 0x90 : 0x80
  const highest: u32 = first == 0xf4 ? 0x8f : 0xbf
  return left >= 4 &&
    isBetween(second, lowest, highest) &&
    isBetween(third, 0x80, 0xbf) &&
    isBetween(load<u8>(at, 3), 0x80, 0xbf)
    ? 4
    : 0
}

function isBetween(byte: u32, lowest: u32, highest: u32): bool {
  return byte >= lowest && byte <= highest
}
