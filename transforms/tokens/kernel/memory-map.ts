/**
 * What lies where in the block of linear memory that the host gives the kernel, in bytes from `base`.
 *
 *     0x0000000  BLOCK_OF_HIGH_BYTES   the first stage of the class table: code point >> 8 → block number
 *     0x0001200  CLASS_OF_BYTE         class of each ASCII byte, 0 for bytes of longer sequences
 *     0x0001300  LONGEST_TOKEN         length of the longest token, u32
 *     0x0003000  VECTORS               of every byte, a vector of 16
 *     0x0004000  CLASS_BLOCKS          the second stage: 256 classes a block
 *     0x0030000  PAIR_RANKS            rank + 1 of every token of two bytes, 0 for none
 *     0x0070000  SHORT_FILTER          bits: may a piece of up to 8 bytes be a token?
 *     0x00b0000  LONG_FILTER           the same for longer pieces
 *     0x0100000  SHORT_TOKENS          hash table of the tokens of up to 8 bytes
 *     0x0500000  MIDDLE_TOKENS         of 9 to 16 bytes
 *     0x0800000  LONG_TOKENS           of more
 *     0x0900000  TOKEN_BYTES           the bytes of those
 *     ---------  the image ends here: it is made once and copied to every thread
 *     0x0a00000  SHORT_PIECES          counts of pieces of up to 8 bytes that were met
 *     0x0a80000  SHORT_PIECES_BEHIND   the same, slower and with more room
 *     0x0c80000  MIDDLE_PIECES         of pieces of 9 to 16 bytes
 *     0x0d00000  LONG_PIECES           of pieces of up to LONGEST_KEPT bytes
 *     0x0d80000  MERGE                 scratch for merging a piece
 */
export const BLOCK_OF_HIGH_BYTES: usize = 0x0
export const CLASS_OF_BYTE: usize = 0x1200
export const LONGEST_TOKEN: usize = 0x1300
export const VECTORS: usize = 0x3000
export const CLASS_BLOCKS: usize = 0x4000
export const PAIR_RANKS: usize = 0x30000
export const SHORT_FILTER: usize = 0x70000
export const SHORT_FILTER_BITS: u64 = 21
export const LONG_FILTER: usize = 0xb0000
export const LONG_FILTER_BITS: u64 = 19

/** key u64, length u32, rank u32 */
export const SHORT_TOKENS: usize = 0x100000
export const SHORT_TOKEN_BITS: u64 = 18
/** first 8 bytes, last 8 bytes, length u32, rank u32 */
export const MIDDLE_TOKENS: usize = 0x500000
export const MIDDLE_TOKEN_BITS: u64 = 17
/** hash u64, offset in TOKEN_BYTES u32, length u32, rank u64 */
export const LONG_TOKENS: usize = 0x800000
export const LONG_TOKEN_BITS: u64 = 15
export const TOKEN_BYTES: usize = 0x900000
export const IMAGE_END: usize = 0xa00000

/** what of the hash the slot's place doesn't say, length << 4, count: one u64 */
export const SHORT_PIECES: usize = 0xa00000
export const SHORT_PIECE_BITS: u64 = 16
export const SHORT_PIECES_BEHIND: usize = 0xa80000
export const SHORT_PIECE_BEHIND_BITS: u64 = 18
/** first 8 bytes, last 8 bytes, length u32, count u32, 8 bytes unused */
export const MIDDLE_PIECES: usize = 0xc80000
export const MIDDLE_PIECE_BITS: u64 = 14
/** length u32, count u32, then the bytes */
export const LONG_PIECES: usize = 0xd00000
export const LONG_PIECE_BITS: u64 = 11
export const LONG_PIECE_SLOT: usize = 256
export const LONGEST_KEPT: u32 = 248
export const MERGE: usize = 0xd80000
export const MERGE_SIZE: usize = 0x40000

export const SIZE: usize = 0xdc0000

/** where the kernel's block begins */
export let base: usize = 0

export function setBase(address: usize): void {
  base = address
}
