import type { TextColumn } from '../../pipeline/batch/columns.ts'
import { kernelsRun } from '../../pipeline/batch/kernel.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import type { EncodingName } from './encodings.ts'
import { KernelCounter, makeKernelImage } from './kernel-counter.ts'
import { loadRanks } from './load-ranks.ts'
import type { RankTable } from './rank-table.ts'
import { openCounter, type TokenCounter } from './token-counter.ts'

/** Counts the tokens of texts where they lie in the memory of a batch. */
export interface ColumnCounter {
  /** Tokens of the texts of slots [from, to); null counts 0. Throws RangeError when a text needs too much memory. */
  countSlots(column: TextColumn, from: number, to: number): Uint32Array
}

/** Tables of an encoding that threads share. */
export type CounterTables = { readonly image: Uint8Array } | { readonly ranks: RankTable }

/** Those of the kernel, or of its twin where kernels don't run. */
export function makeTables(encoding: EncodingName): CounterTables {
  return kernelsRun ? { image: makeKernelImage(encoding) } : { ranks: loadRanks(encoding) }
}

export function openColumnCounter(
  encoding: EncodingName,
  memory: Memory,
  tables: CounterTables,
): ColumnCounter {
  return 'image' in tables
    ? new KernelCounter(encoding, memory, tables.image)
    : new TwinCounter(openCounter({ encoding, ranks: tables.ranks }), memory)
}

/** The counter in plain TypeScript, which defines what the kernel counts. */
class TwinCounter implements ColumnCounter {
  readonly #counter: TokenCounter
  readonly #memory: Memory

  constructor(counter: TokenCounter, memory: Memory) {
    this.#counter = counter
    this.#memory = memory
  }

  countSlots({ refs }: TextColumn, from: number, to: number): Uint32Array {
    const counts = new Uint32Array(to - from)
    for (let slot = from; slot < to; slot++) {
      const start = refs[2 * slot]!
      const length = refs[2 * slot + 1]!
      if (length > 0)
        counts[slot - from] = this.#counter.countBytes(this.#memory.bytes, start, start + length)
    }
    return counts
  }
}
