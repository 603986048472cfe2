import type { FileContent } from './file-content.ts'
import type { Amount, RowTally } from './inspection.ts'
import { RowCounter } from './row-tally.ts'

/** Adds up files. */
export class AmountCounter {
  #files = 0
  #rows = 0
  #bytes = 0
  #uncompressedBytes = 0
  readonly #counter = new RowCounter()

  add(bytes: number, { rows, uncompressedBytes }: FileContent['facts'], tally: RowTally): void {
    this.#files++
    this.#bytes += bytes
    this.#rows += rows ?? 0
    this.#uncompressedBytes += uncompressedBytes ?? 0
    this.#counter.addAll(tally)
  }

  all(): Amount & RowTally {
    return {
      files: this.#files,
      rows: this.#rows,
      bytes: this.#bytes,
      uncompressedBytes: this.#uncompressedBytes,
      ...this.#counter.tally(),
    }
  }
}
