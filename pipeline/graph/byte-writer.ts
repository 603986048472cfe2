import { isUtf8 } from 'node:buffer'
import { kernelsRun, openKernel } from '../batch/kernel.ts'
import { type Block, Memory } from '../batch/memory.ts'
import type { TextSlot } from '../batch/text-slot.ts'

const FIRST_CAPACITY = 1 << 20
const SIZE_BYTES = 4
const INT64_BYTES = 8
/** UTF-8 needs at most this many bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3

/** kernel/json.ts */
interface JsonKernel {
  escape(start: number, end: number, to: number): number
}

const ASCII_END = 0x80
/** For longer texts a call of the native encoder is cheaper. */
const LONGEST_LITERAL = 64
/** Printable ASCII that JSON does not escape. */
const STANDS_FOR_ITSELF = /^[ !#-[\]-~]*$/

/** Texts are escaped in pieces, so that room for the worst case is a piece's and not the text's. */
const PIECE_BYTES = 1 << 16
/** What a byte can become, `\u001f` for one. */
const BYTES_PER_ESCAPED_BYTE = 6
/** The kernel writes whole vectors. */
const SLACK = 16

/**
 * Gathers encoded bytes. Grows to the largest bundle it has written and is then reused. It writes into the memory that
 * batches lie in, so that a text goes from its page into the output without becoming a string.
 */
export class ByteWriter {
  readonly #memory: Memory
  readonly #kernel: JsonKernel | null
  #block: Block
  #length = 0

  constructor(memory: Memory = new Memory()) {
    this.#memory = memory
    this.#kernel = kernelsRun ? openKernel<JsonKernel>('json', memory) : null
    this.#block = memory.allocate(FIRST_CAPACITY)
  }

  get length(): number {
    return this.#length
  }

  /** Text that is mostly ASCII and short: field names, punctuation, ids. */
  literal(text: string): void {
    const at = this.#roomFor(text.length * BYTES_PER_UNIT)
    const { bytes } = this.#memory
    for (let unit = 0; unit < text.length; unit++) {
      const code = text.charCodeAt(unit)
      if (code >= ASCII_END) {
        this.#length += bytes.write(text, at)
        return
      }
      bytes[at + unit] = code
    }
    this.#length += text.length
  }

  /** Text as UTF-8. */
  text(text: string): void {
    const at = this.#roomFor(text.length * BYTES_PER_UNIT)
    this.#length += this.#memory.bytes.write(text, at)
  }

  /** A value as JSON; undefined becomes null. */
  json(value: unknown): void {
    if (typeof value === 'string' && value.length <= LONGEST_LITERAL && STANDS_FOR_ITSELF.test(value)) {
      this.literal('"')
      this.literal(value)
      this.literal('"')
    } else this.text(JSON.stringify(value) ?? 'null')
  }

  /** A text as a JSON string; in a batch, bytes that are not UTF-8 become U+FFFD. */
  jsonText(text: TextSlot | string): void {
    if (typeof text === 'string') this.json(text)
    else this.#jsonSlot(text)
  }

  #jsonSlot({ batch, column, slot }: TextSlot): void {
    const address = column.refs[2 * slot]!
    const inMemory = batch.memory === this.#memory && this.#kernel !== null
    if (!inMemory || !this.#escape(address, address + column.refs[2 * slot + 1]!))
      this.json(batch.decode(column, slot))
  }

  /** A byte, 0 to 255. */
  uint8(value: number): void {
    const at = this.#roomFor(1)
    this.#memory.bytes[at] = value
    this.#length++
  }

  /** A whole number in eight bytes, the lowest first. */
  int64(value: number): void {
    const at = this.#roomFor(INT64_BYTES)
    this.#length += this.#memory.bytes.writeBigInt64LE(BigInt(value), at) - at
  }

  /** A text as UTF-8 after its size in four bytes, the lowest first; bytes that are not UTF-8 become U+FFFD. */
  sizedText(text: TextSlot | string): void {
    if (typeof text !== 'string') {
      this.#sizedSlot(text)
      return
    }
    const at = this.#roomFor(SIZE_BYTES + text.length * BYTES_PER_UNIT)
    const size = this.#memory.bytes.write(text, at + SIZE_BYTES)
    this.#memory.bytes.writeUInt32LE(size, at)
    this.#length += SIZE_BYTES + size
  }

  #sizedSlot({ batch, column, slot }: TextSlot): void {
    const address = column.refs[2 * slot]!
    const size = column.refs[2 * slot + 1]!
    const source = batch.memory.bytes
    if (batch.memory !== this.#memory || !isUtf8(source.subarray(address, address + size))) {
      this.sizedText(batch.decode(column, slot)!)
      return
    }
    const at = this.#roomFor(SIZE_BYTES + size)
    const { bytes } = this.#memory
    bytes.writeUInt32LE(size, at)
    bytes.copyWithin(at + SIZE_BYTES, address, address + size)
    this.#length += SIZE_BYTES + size
  }

  /** Bytes as they are; they don't lie in the memory, which may grow. */
  raw(bytes: Uint8Array): void {
    const at = this.#roomFor(bytes.length)
    this.#memory.bytes.set(bytes, at)
    this.#length += bytes.length
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0
  }

  /** What was written, where it lies: valid until the next write, by whomever, into this memory. */
  get written(): Uint8Array {
    const { address } = this.#block
    return this.#memory.bytes.subarray(address, address + this.#length)
  }

  /** A copy of what was written, in a buffer of its own that can be transferred; the writer starts anew. */
  take(): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(this.#length)
    copy.set(this.written)
    this.#length = 0
    return copy
  }

  /** Writes the text as a JSON string; false, and nothing, when it is not valid UTF-8. */
  #escape(start: number, end: number): boolean {
    const length = this.#length
    this.literal('"')
    for (let at = start; at < end; ) {
      const next = this.#endOfPiece(at, end)
      const to = this.#roomFor((next - at) * BYTES_PER_ESCAPED_BYTE + SLACK)
      const written = this.#kernel!.escape(at, next, to) >>> 0
      if (written === 0) {
        this.#length = length
        return false
      }
      this.#length += written - to
      at = next
    }
    this.literal('"')
    return true
  }

  /** A piece ends before a character begins. */
  #endOfPiece(start: number, end: number): number {
    if (end - start <= PIECE_BYTES) return end
    const { bytes } = this.#memory
    const most = start + PIECE_BYTES
    for (let at = most; at > most - 4; at--) if ((bytes[at]! & 0xc0) !== 0x80) return at
    return most
  }

  /** Where the next `extra` bytes go. The memory's views are other ones after this. */
  #roomFor(extra: number): number {
    const needed = this.#length + extra
    if (needed > this.#block.size) {
      const grown = this.#memory.allocate(Math.max(needed, 2 * this.#block.size))
      const { address } = this.#block
      this.#memory.bytes.copyWithin(grown.address, address, address + this.#length)
      this.#memory.free(this.#block)
      this.#block = grown
    }
    return this.#block.address + this.#length
  }
}
