import { APOSTROPHE, caselessContractionLength, contractionLength } from './contraction'
import { base, VECTORS } from './memory-map'

/*
 * Finds where pieces start in up to 64 ASCII bytes at once. Vectors turn each class of bytes into a mask, bit n for
 * byte n; shifts, sums and carries of masks then say what the piece rules say of neighbours. Masks hold what the rules
 * of ../cl100k-pieces.ts, ../o200k-pieces.ts and ../gpt2-pieces.ts come to when there are only ASCII characters; a
 * start is only reported where no later byte could take it back.
 */

/** As far as this before the window's end, later bytes can change what starts: a contraction has three. */
const LOOKAHEAD: u64 = 3

/** How many bytes from `at` on are ASCII and before `end`, up to 64. Reads 64 bytes, whatever lies there. */
@inline
export function asciiLength(at: usize, end: usize): u64 {
  const others = maskOf(
    i8x16.bitmask(v128.load(at)),
    i8x16.bitmask(v128.load(at, 16)),
    i8x16.bitmask(v128.load(at, 32)),
    i8x16.bitmask(v128.load(at, 48)),
  )
  const length: u64 = others != 0 ? ctz(others) : 64
  return min(length, <u64>(end - at))
}

/** Starts of cl100k_base; bit 0 is never set. `length` is `asciiLength(at, end)`, above 0. */
@inline
export function cl100kStarts(at: usize, length: u64, end: usize): u64 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const valid = u64.MAX_VALUE >> (64 - length)
  const caseBit = i8x16.splat(0x20)
  const letters = inRange(v128.or(a, caseBit), v128.or(b, caseBit), v128.or(c, caseBit), v128.or(d, caseBit), 0x61, 26) & valid
  const digits = inRange(a, b, c, d, 0x30, 10) & valid
  const spaces = equalTo(a, b, c, d, 0x20) & valid
  const newlines = (equalTo(a, b, c, d, 0x0a) | equalTo(a, b, c, d, 0x0d)) & valid
  const white = (inRange(a, b, c, d, 0x09, 5) & valid) | spaces
  let symbols = valid & ~(letters | digits | white)
  const atEnd = isLast(at, length, end)
  const attached = runsAfter(newlines & (symbols << 1), newlines)
  const heads = symbols & ~(symbols << 1) & ~(spaces << 1)
  let starts = heads | wordStarts(letters, white & ~newlines, heads) | digitStarts(digits) | whiteStarts(white, newlines, attached, atEnd, length, true)
  let apostrophes = heads & (letters >> 1)
  if (apostrophes != 0) apostrophes &= bytesEqual(at, APOSTROPHE)
  while (apostrophes != 0) {
    const bit = ctz(apostrophes)
    apostrophes &= apostrophes - 1
    const contraction: u64 = caselessContractionLength(at + <usize>bit, end)
    if (contraction > 0 && bit + contraction < 64) starts |= <u64>1 << (bit + contraction)
  }
  return settled(starts, white, atEnd, length)
}

/** Starts of o200k_base; bit 0 is never set. `length` is `asciiLength(at, end)`, above 0. */
@inline
export function o200kStarts(at: usize, length: u64, end: usize): u64 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const valid = u64.MAX_VALUE >> (64 - length)
  const uppers = inRange(a, b, c, d, 0x41, 26) & valid
  const lowers = inRange(a, b, c, d, 0x61, 26) & valid
  const letters = uppers | lowers
  const digits = inRange(a, b, c, d, 0x30, 10) & valid
  const spaces = equalTo(a, b, c, d, 0x20) & valid
  const newlines = (equalTo(a, b, c, d, 0x0a) | equalTo(a, b, c, d, 0x0d)) & valid
  const white = (inRange(a, b, c, d, 0x09, 5) & valid) | spaces
  let symbols = valid & ~(letters | digits | white)
  const atEnd = isLast(at, length, end)
  let attached = runsAfter(newlines & (symbols << 1), newlines)
  if (((newlines << 1) & symbols) != 0) {
    const slashes = symbols & bytesEqual(at, 0x2f)
    if (((newlines << 1) & slashes) != 0) {
      attached = endsWithSlashes(slashes, newlines, symbols)
      symbols &= ~attached
    }
  }
  const heads = symbols & ~(symbols << 1) & ~(spaces << 1)
  let starts = heads | wordStarts(letters, white & ~newlines, heads) | digitStarts(digits) | whiteStarts(white, newlines, attached, atEnd, length, false)
  starts |= uppers & (lowers << 1)
  let apostrophes = (letters >> 1) & (letters << 1) & symbols
  if (apostrophes != 0) apostrophes &= bytesEqual(at, APOSTROPHE)
  // A word takes one suffix; an apostrophe right after it begins the next word.
  let suffixEnd: u64 = u64.MAX_VALUE
  while (apostrophes != 0) {
    const bit = ctz(apostrophes)
    apostrophes &= apostrophes - 1
    if (bit == suffixEnd) continue
    const contraction: u64 = caselessContractionLength(at + <usize>bit, end)
    if (contraction == 0) continue
    suffixEnd = bit + contraction
    starts &= ~((((<u64>1) << contraction) - 1) << bit)
    if (suffixEnd < 64) starts |= <u64>1 << suffixEnd
  }
  return settled(starts, white, atEnd, length)
}

/** Starts of p50k_base and r50k_base; bit 0 is never set. `length` is `asciiLength(at, end)`, above 0. */
@inline
export function gpt2Starts(at: usize, length: u64, end: usize): u64 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const valid = u64.MAX_VALUE >> (64 - length)
  const caseBit = i8x16.splat(0x20)
  const letters = inRange(v128.or(a, caseBit), v128.or(b, caseBit), v128.or(c, caseBit), v128.or(d, caseBit), 0x61, 26) & valid
  const digits = inRange(a, b, c, d, 0x30, 10) & valid
  const spaces = equalTo(a, b, c, d, 0x20) & valid
  const newlines = (equalTo(a, b, c, d, 0x0a) | equalTo(a, b, c, d, 0x0d)) & valid
  const white = (inRange(a, b, c, d, 0x09, 5) & valid) | spaces
  let symbols = valid & ~(letters | digits | white)
  const atEnd = isLast(at, length, end)
  const heads = symbols & ~(symbols << 1) & ~(spaces << 1)
  const free = ~(spaces << 1)
  let followed = ~(white >> 1)
  if (atEnd) followed &= ~((<u64>1) << (length - 1))
  let starts = heads | (letters & ~(letters << 1) & free) | (digits & ~(digits << 1) & free)
  starts |= (white & ~(white << 1)) | (white & followed)
  let apostrophes = heads & (letters >> 1)
  if (apostrophes != 0) apostrophes &= bytesEqual(at, APOSTROPHE)
  while (apostrophes != 0) {
    const bit = ctz(apostrophes)
    apostrophes &= apostrophes - 1
    const contraction: u64 = contractionLength(at + <usize>bit, end)
    if (contraction == 0) continue
    starts &= ~((((<u64>1) << (contraction - 1)) - 1) << (bit + 1))
    if (bit + contraction < 64) starts |= <u64>1 << (bit + contraction)
  }
  return settled(starts, white, atEnd, length)
}

/** Whether the text ends in the window, and its end has a bit. */
@inline
function isLast(at: usize, length: u64, end: usize): bool {
  return length < 64 && at + <usize>length == end
}

/** A letter that continues no word, and that neither a blank nor a single symbol before it joins. */
@inline
function wordStarts(letters: u64, blanks: u64, heads: u64): u64 {
  return letters & ~((letters | blanks | heads) << 1)
}

/** Every third digit of a run. */
@inline
function digitStarts(digits: u64): u64 {
  let front = digits & ~(digits << 1)
  let starts = front
  const third = digits & (digits << 1) & (digits << 2)
  while (true) {
    front = (front << 3) & third
    if (front == 0) return starts
    starts |= front
  }
}

/**
 * White space is a piece up to its last newline; of the blanks that follow, all but the last are one, and the last
 * goes with what comes after it. `attached` newlines belong to the symbols before them.
 */
@inline
function whiteStarts(white: u64, newlines: u64, attached: u64, atEnd: bool, length: u64, endIsNewline: bool): u64 {
  const blanks = white & ~newlines
  const free = white & ~attached
  let last = blanks & ~(white >> 1)
  let closing = newlines
  if (atEnd) {
    last &= ~((<u64>1) << (length - 1))
    if (endIsNewline) closing |= (<u64>1) << length
  }
  const blankStarts = blanks & ~(blanks << 1)
  let afterNewline = blankStarts & (newlines << 1)
  // Blanks between two newlines belong to the piece of both.
  let between = (blanks + blankStarts) & ~blanks & closing
  while (between != 0) {
    const newline = ctz(between)
    between &= between - 1
    const before = ~blanks & ((((<u64>1) << newline)) - 1)
    afterNewline &= ~(before != 0 ? <u64>2 << (63 - clz(before)) : 1)
  }
  return last | afterNewline | (free & ~(free << 1))
}

/** Whole runs of `mask` that begin at `starts`. */
@inline
function runsAfter(starts: u64, mask: u64): u64 {
  return mask & ~(mask + starts)
}

/** Newlines after a symbol, and the newlines and slashes that follow those in any mix. */
function endsWithSlashes(slashes: u64, newlines: u64, symbols: u64): u64 {
  const mix = newlines | slashes
  let attached = newlines & (symbols << 1)
  while (true) {
    const more = attached | ((attached << 1) & mix)
    if (more == attached) return attached
    attached = more
  }
}

/** Without the starts that bytes past the window could change; the end of the text is a start. */
@inline
function settled(starts: u64, white: u64, atEnd: bool, length: u64): u64 {
  if (atEnd) {
    const valid = u64.MAX_VALUE >> (64 - length)
    return (starts & valid & ~1) | ((<u64>1) << length)
  }
  const solid = ~(white << (64 - length))
  const beforeWhite = length - (solid != 0 ? clz(solid) : 64)
  const limit = <i64>min(beforeWhite, length - LOOKAHEAD)
  return limit > 0 ? starts & ((<u64>2 << <u64>limit) - 1) & ~1 : 0
}

@inline
function bytesEqual(at: usize, byte: u32): u64 {
  return equalTo(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), byte)
}

@inline
function equalTo(a: v128, b: v128, c: v128, d: v128, byte: u32): u64 {
  const wanted = vectorOf(byte)
  return maskOf(
    i8x16.bitmask(i8x16.eq(a, wanted)),
    i8x16.bitmask(i8x16.eq(b, wanted)),
    i8x16.bitmask(i8x16.eq(c, wanted)),
    i8x16.bitmask(i8x16.eq(d, wanted)),
  )
}

/** ASCII bytes from `first` on, `count` of them: moved to the top of the signed numbers, they are above all others. */
@inline
function inRange(a: v128, b: v128, c: v128, d: v128, first: u32, count: u32): u64 {
  const shift = vectorOf(0x80 - first - count)
  const below = vectorOf(0x7f - count)
  return maskOf(
    i8x16.bitmask(i8x16.gt_s(i8x16.add(a, shift), below)),
    i8x16.bitmask(i8x16.gt_s(i8x16.add(b, shift), below)),
    i8x16.bitmask(i8x16.gt_s(i8x16.add(c, shift), below)),
    i8x16.bitmask(i8x16.gt_s(i8x16.add(d, shift), below)),
  )
}

/** From memory: what V8 makes of a constant vector takes three instructions each time. */
@inline
function vectorOf(byte: u32): v128 {
  return v128.load(base + VECTORS + (<usize>(byte & 0xff) << 4))
}

@inline
function maskOf(a: i32, b: i32, c: i32, d: i32): u64 {
  return <u64>(<u32>(a | (b << 16))) | (<u64>(<u32>(c | (d << 16))) << 32)
}
