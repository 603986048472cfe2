import type { TextColumn } from '../../pipeline/batch/columns.ts'
import { openKernel } from '../../pipeline/batch/kernel.ts'
import { type Block, Memory } from '../../pipeline/batch/memory.ts'
import type { ColumnCounter } from './column-counter.ts'
import { type EncodingName, PIECE_RULES, type PieceRule } from './encodings.ts'
import { parseTokens, readRanks } from './load-ranks.ts'
import { CLASS_OF_CODE_POINT } from './unicode-classes.ts'

interface Constant {
  readonly value: number
}

/** kernel/index.ts; addresses and lengths are in bytes. */
interface TokenKernel {
  open(address: number, rule: number): void
  addTokens(bytes: number, offsets: number, ranks: number, count: number): void
  countMany(references: number, texts: number, counts: number): void
  readonly BLOCK_OF_HIGH_BYTES: Constant
  readonly CLASS_OF_BYTE: Constant
  readonly CLASS_BLOCKS: Constant
  readonly IMAGE_END: Constant
  readonly SIZE: Constant
}

/** The kernel's numbers for them. */
const RULES: Readonly<Record<PieceRule, number>> = { gpt2: 0, cl100k: 1, o200k: 2 }

const BYTES_PER_WORD = 4
const ASCII_END = 0x80
const CLASS_BLOCK = 256

/**
 * The tables of an encoding as the kernel reads them, in memory that threads share: each copies them into its own, as
 * a kernel works in one memory. Takes about 0.1 s to make.
 */
export function makeKernelImage(encoding: EncodingName): Uint8Array {
  const memory = new Memory()
  const kernel = openKernel<TokenKernel>('tokens', memory, { scratch: () => 0 })
  const block = memory.allocate(kernel.SIZE.value)
  kernel.open(block.address, RULES[PIECE_RULES[encoding]])
  writeClasses(kernel, memory, block)
  const { bytes, offsets, ranks } = parseTokens(readRanks(encoding))
  const written = [bytes, offsets, ranks].map((array) => {
    const { address } = memory.allocate(array.byteLength)
    memory.bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address)
    return address
  })
  kernel.addTokens(written[0]!, written[1]!, written[2]!, ranks.length)
  const image = new Uint8Array(new SharedArrayBuffer(kernel.IMAGE_END.value))
  image.set(memory.bytes.subarray(block.address, block.address + image.length))
  return image
}

/** The class table in two stages: most blocks of 256 code points are alike. */
function writeClasses(kernel: TokenKernel, { bytes }: Memory, { address }: Block): void {
  const blocks = new Map<string, number>()
  for (let block = 0; block * CLASS_BLOCK < CLASS_OF_CODE_POINT.length; block++) {
    const classes = CLASS_OF_CODE_POINT.subarray(block * CLASS_BLOCK, (block + 1) * CLASS_BLOCK)
    const key = Buffer.from(classes).toString('latin1')
    const number = blocks.get(key) ?? blocks.size
    if (!blocks.has(key)) bytes.set(classes, address + kernel.CLASS_BLOCKS.value + number * CLASS_BLOCK)
    blocks.set(key, number)
    bytes[address + kernel.BLOCK_OF_HIGH_BYTES.value + block] = number
  }
  bytes.set(CLASS_OF_CODE_POINT.subarray(0, ASCII_END), address + kernel.CLASS_OF_BYTE.value)
}

/**
 * Counts the tokens of texts where they lie in a memory, by the kernel: as many as `TokenCounter` counts. It takes
 * 14 MB of the memory for as long as it lives.
 */
export class KernelCounter implements ColumnCounter {
  readonly #memory: Memory
  readonly #kernel: TokenKernel
  /** references and counts of one call */
  #calls: Block
  /** what the kernel asked for in this call, for a long piece */
  readonly #scratch: Block[] = []

  constructor(encoding: EncodingName, memory: Memory, image: Uint8Array) {
    this.#memory = memory
    this.#kernel = openKernel('tokens', memory, { scratch: (bytes) => this.#scratchOf(bytes) })
    const tables = memory.allocate(this.#kernel.SIZE.value)
    // A block that was used before is not empty, and the caches have to be.
    memory.bytes.fill(0, tables.address, tables.address + this.#kernel.SIZE.value)
    memory.bytes.set(image, tables.address)
    this.#kernel.open(tables.address, RULES[PIECE_RULES[encoding]])
    this.#calls = memory.allocate(1 << 16)
  }

  countSlots({ refs }: TextColumn, from: number, to: number): Uint32Array {
    const slots = to - from
    const references = this.#roomFor(slots)
    const counts = references + 2 * BYTES_PER_WORD * slots
    const { buffer } = this.#memory.bytes
    new Uint32Array(buffer, references, 2 * slots).set(refs.subarray(2 * from, 2 * to))
    try {
      this.#kernel.countMany(references, slots, counts)
    } finally {
      for (const block of this.#scratch.splice(0)) this.#memory.free(block)
    }
    return new Uint32Array(this.#memory.bytes.buffer, counts, slots).slice()
  }

  #roomFor(slots: number): number {
    const bytes = 3 * BYTES_PER_WORD * slots
    if (bytes > this.#calls.size) {
      this.#memory.free(this.#calls)
      this.#calls = this.#memory.allocate(bytes)
    }
    return this.#calls.address
  }

  #scratchOf(bytes: number): number {
    const block = this.#memory.allocate(bytes >>> 0)
    this.#scratch.push(block)
    return block.address
  }
}
