import { Decompression } from './decompression.ts'
import { WordCache } from './word-cache.ts'

/** A piece of linear memory. `address` is never 0: address 0 means null wherever a text is referred to. */
export interface Block {
  readonly address: number
  /** usable bytes; at least `PADDING` readable bytes follow */
  readonly size: number
}

interface Range {
  address: number
  size: number
}

const WASM_PAGE = 65_536
/** Readable bytes after every block, so that wide loads past a text's end stay in bounds. */
const PADDING = 128
const GRANULE = 4_096
/** Memory grows by at least this much at a time. */
const GROWTH = 4 << 20
/** Addresses have 32 bits, and so have WebAssembly's. */
const LIMIT = 2 ** 32

/**
 * One linear memory per thread. Decompressed pages and replaced texts live here and are referred to by address
 * and length, so that a text can pass through every step without being copied. It is a WebAssembly memory, so
 * that kernels work on it in place.
 *
 * It never shrinks: it settles at the size that the largest batch needed. Free neighbours are joined, so a long
 * run of blocks of mixed sizes does not use it up piece by piece.
 */
export class Memory {
  /** The whole memory. Growing replaces it: read it again after every `allocate`. */
  bytes: Buffer
  /** the short texts that were decoded from it */
  readonly words = new WordCache()
  /** what was decompressed into it */
  readonly decompression = new Decompression()
  readonly #memory: WebAssembly.Memory
  /** everything from here on was never used or is free again */
  #top = GRANULE
  #live = 0
  /** free ranges below the top, by address, no two of them adjacent */
  readonly #free: Range[] = []

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: GROWTH / WASM_PAGE })
    this.bytes = Buffer.from(this.#memory.buffer)
  }

  /** Bytes in blocks that are not free. */
  get live(): number {
    return this.#live
  }

  /** The memory itself, for kernels that work in it. */
  get wasm(): WebAssembly.Memory {
    return this.#memory
  }

  /** Throws RangeError when the memory would pass 4 GiB. */
  allocate(size: number): Block {
    const needed = Math.ceil((size + PADDING) / GRANULE) * GRANULE
    const address = this.#takeFree(needed) ?? this.#takeTop(needed)
    this.#live += needed
    return { address, size: needed - PADDING }
  }

  /** Gives a block back, once. */
  free(block: Block): void {
    const size = block.size + PADDING
    this.#live -= size
    const at = this.#firstFreeAfter(block.address)
    const before = this.#free[at - 1]
    const after = this.#free[at]
    const joinsBefore = before !== undefined && before.address + before.size === block.address
    const joinsAfter = after !== undefined && block.address + size === after.address
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0)
      if (joinsAfter) this.#free.splice(at, 1)
    } else if (joinsAfter) {
      after.address = block.address
      after.size += size
    } else {
      this.#free.splice(at, 0, { address: block.address, size })
    }
    this.#lowerTop()
  }

  /** From the smallest free range that is large enough. */
  #takeFree(needed: number): number | undefined {
    let best = -1
    for (let at = 0; at < this.#free.length; at++) {
      const { size } = this.#free[at]!
      if (size >= needed && (best < 0 || size < this.#free[best]!.size)) best = at
    }
    if (best < 0) return undefined
    const range = this.#free[best]!
    const { address } = range
    if (range.size === needed) this.#free.splice(best, 1)
    else {
      range.address += needed
      range.size -= needed
    }
    return address
  }

  #takeTop(needed: number): number {
    const end = this.#top + needed
    if (end > LIMIT) throw new RangeError('a batch needs more than 4 GiB of memory')
    if (end > this.bytes.length) {
      const growth = Math.min(Math.max(end - this.bytes.length, GROWTH), LIMIT - this.bytes.length)
      this.#memory.grow(Math.ceil(growth / WASM_PAGE))
      this.bytes = Buffer.from(this.#memory.buffer)
    }
    const address = this.#top
    this.#top = end
    return address
  }

  #firstFreeAfter(address: number): number {
    let low = 0
    let high = this.#free.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#free[middle]!.address < address) low = middle + 1
      else high = middle
    }
    return low
  }

  #lowerTop(): void {
    const last = this.#free.at(-1)
    if (!last || last.address + last.size !== this.#top) return
    this.#top = last.address
    this.#free.pop()
  }
}
