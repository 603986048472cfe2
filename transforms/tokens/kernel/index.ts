import { asciiLength, cl100kStarts, gpt2Starts, o200kStarts } from './ascii-window'
import { setBase, VECTORS } from './memory-map'
import { countPiece } from './piece-counts'
import { cl100kPieceEnd, gpt2PieceEnd, o200kPieceEnd } from './pieces'
import { addToken } from './tokens'

export { BLOCK_OF_HIGH_BYTES, CLASS_BLOCKS, CLASS_OF_BYTE, IMAGE_END, SIZE } from './memory-map'

/** The rules by which a text is cut into pieces. */
export const GPT2: u32 = 0
export const CL100K: u32 = 1
export const O200K: u32 = 2

let rule: u32 = GPT2

/** Gives the kernel SIZE bytes at `address` for its tables; they hold an image or zeros. */
export function open(address: usize, pieceRule: u32): void {
  setBase(address)
  for (let byte: u32 = 0; byte < 256; byte++)
    v128.store(address + VECTORS + (<usize>byte << 4), i8x16.splat(<i8>byte))
  rule = pieceRule
}

/** Puts tokens in: token i is bytes [offsets[i], offsets[i + 1]) from `bytes` on, and has the rank ranks[i]. */
export function addTokens(bytes: usize, offsets: usize, ranks: usize, count: u32): void {
  for (let token: u32 = 0; token < count; token++) {
    const start = load<u32>(offsets + (token << 2))
    const end = load<u32>(offsets + ((token + 1) << 2))
    addToken(bytes + start, end - start, load<u32>(ranks + (token << 2)))
  }
}

/** Tokens of the text at [start, end); 64 readable bytes follow it. */
export function count(start: usize, end: usize): u32 {
  if (rule == O200K) return countO200k(start, end)
  return rule == CL100K ? countCl100k(start, end) : countGpt2(start, end)
}

/** Tokens of `texts` texts given as (address, length), two words each; the counts go to `counts`, a word each. */
export function countMany(references: usize, texts: u32, counts: usize): void {
  for (let text: u32 = 0; text < texts; text++) {
    const address: usize = load<u32>(references + (text << 3))
    const length: usize = load<u32>(references + (text << 3), 4)
    store<u32>(counts + (text << 2), length == 0 ? 0 : count(address, address + length))
  }
}

/** A short window before other characters is not worth its vectors. */
const SHORTEST_WINDOW: u64 = 8

function countO200k(start: usize, end: usize): u32 {
  let tokens: u32 = 0
  let at = start
  while (at < end) {
    const length = asciiLength(at, end)
    if (length >= SHORTEST_WINDOW || (length > 0 && at + <usize>length == end)) {
      const starts = o200kStarts(at, length, end)
      if (starts != 0) {
        tokens += countPieces(at, starts)
        at += 63 - <usize>clz(starts)
        continue
      }
    }
    do {
      const next = o200kPieceEnd(at, end)
      tokens += countPiece(at, <u32>(next - at))
      at = next
    } while (at < end && load<u8>(at) > 127)
  }
  return tokens
}

function countCl100k(start: usize, end: usize): u32 {
  let tokens: u32 = 0
  let at = start
  while (at < end) {
    const length = asciiLength(at, end)
    if (length >= SHORTEST_WINDOW || (length > 0 && at + <usize>length == end)) {
      const starts = cl100kStarts(at, length, end)
      if (starts != 0) {
        tokens += countPieces(at, starts)
        at += 63 - <usize>clz(starts)
        continue
      }
    }
    do {
      const next = cl100kPieceEnd(at, end)
      tokens += countPiece(at, <u32>(next - at))
      at = next
    } while (at < end && load<u8>(at) > 127)
  }
  return tokens
}

function countGpt2(start: usize, end: usize): u32 {
  let tokens: u32 = 0
  let at = start
  while (at < end) {
    const length = asciiLength(at, end)
    if (length >= SHORTEST_WINDOW || (length > 0 && at + <usize>length == end)) {
      const starts = gpt2Starts(at, length, end)
      if (starts != 0) {
        tokens += countPieces(at, starts)
        at += 63 - <usize>clz(starts)
        continue
      }
    }
    do {
      const next = gpt2PieceEnd(at, end)
      tokens += countPiece(at, <u32>(next - at))
      at = next
    } while (at < end && load<u8>(at) > 127)
  }
  return tokens
}

/** Tokens of the pieces between `at` and the last start. */
@inline
function countPieces(at: usize, starts: u64): u32 {
  let tokens: u32 = 0
  let left = starts
  let start: u64 = 0
  do {
    const next = ctz(left)
    left &= left - 1
    tokens += countPiece(at + <usize>start, <u32>(next - start))
    start = next
  } while (left != 0)
  return tokens
}
