import type { RowBatch } from '../batch/batch.ts'
import type { TextColumn } from '../batch/columns.ts'

const FIRST_CAPACITY = 1 << 20

/** Gathers encoded bytes. Grows to the largest bundle it has written and is then reused. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY)
  #length = 0
  readonly #literals = new Map<string, Buffer>()

  get length(): number {
    return this.#length
  }

  /** A fixed piece of text, encoded once and remembered: field names and punctuation. */
  literal(text: string): void {
    let bytes = this.#literals.get(text)
    if (!bytes) {
      bytes = Buffer.from(text)
      this.#literals.set(text, bytes)
    }
    this.raw(bytes)
  }

  /** Text as UTF-8. */
  text(text: string): void {
    this.#reserve(text.length * 3)
    this.#length += this.#bytes.write(text, this.#length)
  }

  /** A value as JSON; undefined becomes null. */
  json(value: unknown): void {
    this.text(JSON.stringify(value) ?? 'null')
  }

  /** A slot of a text leaf as a JSON string, or null. */
  slot(batch: RowBatch, column: TextColumn, slot: number): void {
    this.json(batch.decode(column, slot))
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0
  }

  /** A copy of what was written, in a buffer of its own that can be transferred; the writer starts anew. */
  take(): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(this.#length)
    copy.set(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return copy
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}
