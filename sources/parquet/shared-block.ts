import type { Block, Memory } from '../../pipeline/batch/memory.ts'
import { PageError } from './page-error.ts'

/**
 * Memory that a page was decompressed into, with everyone who still refers to it: the reader that takes rows
 * from it and the batches that hold texts in it. It goes back to the memory when the last of them lets go.
 */
export class SharedBlock {
  readonly memory: Memory
  readonly block: Block
  #users = 1

  /** Starts with one user, its maker. */
  constructor(memory: Memory, size: number) {
    this.memory = memory
    try {
      this.block = memory.allocate(size)
    } catch (cause) {
      if (cause instanceof RangeError)
        throw new PageError(`there is no room for ${size} bytes: ${cause.message}`)
      throw cause
    }
  }

  get address(): number {
    return this.block.address
  }

  retain(): this {
    this.#users++
    return this
  }

  release(): void {
    this.#users--
    if (this.#users === 0) this.memory.free(this.block)
  }
}
