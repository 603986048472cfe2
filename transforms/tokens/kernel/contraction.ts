export const APOSTROPHE: u32 = 0x27

/** Length in bytes of `'(?:[sdmt]|ll|ve|re)` at the apostrophe at `index`, 0 if it isn't there. */
export function contractionLength(index: usize, end: usize): u32 {
  const first: u32 = index + 1 < end ? load<u8>(index, 1) : 0
  const second: u32 = index + 2 < end ? load<u8>(index, 2) : 0
  return suffixLength(first, second)
}

/** Length in bytes of `'(?i:[sdmt]|ll|ve|re)` at the apostrophe at `index`, 0 if it isn't there. */
export function caselessContractionLength(index: usize, end: usize): u32 {
  const first: u32 = index + 1 < end ? load<u8>(index, 1) : 0
  const second: u32 = index + 2 < end ? load<u8>(index, 2) : 0
  // U+017F, the long s, folds to s.
  if (first == 0xc5 && second == 0xbf) return 3
  return suffixLength(lowered(first), lowered(second))
}

// Only capitals may be folded: the case bit would turn other bytes, DC1 for one, into other characters too.
function lowered(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte
}

function suffixLength(first: u32, second: u32): u32 {
  if (first == 0x73 || first == 0x64 || first == 0x6d || first == 0x74) return 2
  if (first == 0x6c) return second == 0x6c ? 3 : 0
  return (first == 0x76 || first == 0x72) && second == 0x65 ? 3 : 0
}
