/*
 * Decompresses Snappy (google/snappy, format_description.txt): the length of the result as a varint, then elements,
 * each a tag byte and what it announces: literal bytes, or a copy of bytes that were written before.
 */

/** What is answered for damaged data. */
const DAMAGED: i32 = -1

/** What a tag announces, by its two low bits. */
const LITERAL: u32 = 0
const COPY_OF_ONE_BYTE_OFFSET: u32 = 1
const COPY_OF_TWO_BYTE_OFFSET: u32 = 2

/** How many bytes follow the tag before literal bytes: four bits a kind. */
const EXTRA_BYTES: u32 = 0x4210
/** As far as this before both ends, an element can be taken without asking whether it fits. */
const REACH: usize = 64
/** The longest element that is taken so: two vectors. */
const MOST_AT_ONCE: u32 = 32
/** A copy from less than a vector before what it makes repeats itself. */
const VECTOR: u32 = 16

/** A literal's length less one stands in its tag up to 59; 60 and more say how many bytes of it follow. */
const LONG_LITERAL: u32 = 60

/**
 * Decompresses [from, from + length) to `to`, which has `size` bytes. Answers how many bytes were written, or DAMAGED.
 * After both there are 64 bytes that may be read or written over.
 */
export function unsnappy(from: usize, length: usize, to: usize, size: usize): i32 {
  const end = from + length
  let at = from
  let declared: u32 = 0
  for (let shift: u32 = 0; ; shift += 7) {
    if (at >= end || shift > 28) return DAMAGED
    const byte: u32 = load<u8>(at++)
    declared |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  if (<usize>declared != size) return DAMAGED
  let out = to
  const outEnd = to + size
  const lastStart = end - REACH
  const lastOut = outEnd - REACH
  while (at < end) {
    const tag: u32 = load<u8>(at)
    const kind = tag & 3
    if (at < lastStart && out < lastOut) {
      // Whether an element is a literal or a copy no branch would guess, so both go the same way; masks choose.
      const isCopy: u32 = 0 - <u32>(kind != LITERAL)
      const isNear: u32 = 0 - <u32>(kind == COPY_OF_ONE_BYTE_OFFSET)
      const extra = (EXTRA_BYTES >> (kind << 2)) & 0xf
      const count = ((tag >> 2) & (7 | ~isNear)) + 1 + (isNear & 3)
      const trailer = <u32>(load<u64>(at, 1) & (((<u64>1) << (extra << 3)) - 1))
      const offset = trailer | (((tag & 0xe0) << 3) & isNear)
      if (count <= MOST_AT_ONCE && (offset | ~isCopy) >= VECTOR) {
        if ((offset & isCopy) > <u32>(out - to)) return DAMAGED
        const literal = at + 1
        const source = literal ^ ((literal ^ (out - offset)) & isCopy)
        v128.store(out, v128.load(source))
        v128.store(out, v128.load(source, 16), 16)
        out += count
        at = literal + extra + (count & ~isCopy)
        continue
      }
    }
    at++
    if (kind == LITERAL) {
      let count: u32 = (tag >> 2) + 1
      if (count > LONG_LITERAL) {
        const bytes = count - LONG_LITERAL
        if (<usize>bytes > end - at) return DAMAGED
        count = (load<u32>(at) & (u32.MAX_VALUE >> ((4 - bytes) << 3))) + 1
        at += bytes
      }
      if (count == 0 || <usize>count > outEnd - out || <usize>count > end - at) return DAMAGED
      if (count <= 64) copy64(out, at)
      else memory.copy(out, at, count)
      out += count
      at += count
      continue
    }
    let count: u32
    let offset: u32
    if (kind == COPY_OF_ONE_BYTE_OFFSET) {
      if (at + 1 > end) return DAMAGED
      count = ((tag >> 2) & 7) + 4
      offset = ((tag >> 5) << 8) | <u32>load<u8>(at)
      at++
    } else if (kind == COPY_OF_TWO_BYTE_OFFSET) {
      if (at + 2 > end) return DAMAGED
      count = (tag >> 2) + 1
      offset = load<u16>(at)
      at += 2
    } else {
      if (at + 4 > end) return DAMAGED
      count = (tag >> 2) + 1
      offset = load<u32>(at)
      at += 4
    }
    if (offset == 0 || <usize>offset > out - to || <usize>count > outEnd - out) return DAMAGED
    copyBack(out, out - offset, count, offset)
    out += count
  }
  return out == outEnd ? <i32>size : DAMAGED
}

/** Up to 64 bytes, whole vectors of them: what is written past them is written over later. */
function copy64(to: usize, from: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
  v128.store(to, v128.load(from, 32), 32)
  v128.store(to, v128.load(from, 48), 48)
}

/** A copy may overlap what it makes: then it repeats the last `offset` bytes. */
function copyBack(to: usize, from: usize, count: u32, offset: u32): void {
  if (offset >= 16) {
    v128.store(to, v128.load(from))
    if (count > 16) {
      v128.store(to, v128.load(from, 16), 16)
      if (count > 32) {
        v128.store(to, v128.load(from, 32), 32)
        v128.store(to, v128.load(from, 48), 48)
      }
    }
  } else if (offset >= 8) {
    for (let done: usize = 0; done < <usize>count; done += 8) store<u64>(to + done, load<u64>(from + done))
  } else {
    for (let done: usize = 0; done < <usize>count; done++) store<u8>(to + done, load<u8>(from + done))
  }
}
