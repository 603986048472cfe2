import type { TextColumn } from './columns.ts'
import type { Block, Memory } from './memory.ts'

/** Small texts share a block of this size. */
const BLOCK_BYTES = 64 << 10
/** UTF-8 needs at most this many bytes for a UTF-16 code unit. */
const MAX_UNIT_BYTES = 3

/**
 * Texts written into the memory one after another, for values that are not in a page: what a step puts in a
 * text's place, and rows that come as JavaScript values. They live until the arena is released.
 */
export class TextArena {
  readonly #memory: Memory
  readonly #blocks: Block[] = []
  #at = 0
  #end = 0

  /** `expected` is the number of bytes that will probably be written. */
  constructor(memory: Memory, expected = 0) {
    this.#memory = memory
    if (expected > 0) this.#open(expected)
  }

  /** Makes a slot refer to a copy of `text` in UTF-8. Lone surrogates become U+FFFD. */
  write(column: TextColumn, slot: number, text: string): void {
    const left = this.#end - this.#at
    if (this.#end === 0 || left < text.length * MAX_UNIT_BYTES) {
      const needed = Buffer.byteLength(text)
      if (this.#end === 0 || left < needed) this.#open(Math.max(needed, BLOCK_BYTES))
    }
    column.refs[2 * slot] = this.#at
    const length = this.#memory.bytes.write(text, this.#at, this.#end - this.#at)
    column.refs[2 * slot + 1] = length
    this.#at += length
  }

  release(): void {
    for (const block of this.#blocks) this.#memory.free(block)
    this.#blocks.length = 0
    this.#at = this.#end = 0
  }

  #open(size: number): void {
    const block = this.#memory.allocate(size)
    this.#blocks.push(block)
    this.#at = block.address
    this.#end = block.address + block.size
  }
}
