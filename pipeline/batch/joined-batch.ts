import type { Batch, Origin } from './batch.ts'
import type { Cell } from './columns.ts'
import { Outcomes } from './outcome.ts'

/** An element by the batch it is in. */
export interface PartRow {
  /** index of the batch */
  readonly part: number
  readonly row: number
}

/**
 * Elements of several batches in an order of their own, with outcomes and added values of their own. They stay where
 * they are, so they live as long as their batches do; there is no face of bytes.
 */
export class JoinedBatch<T = unknown> implements Batch<T> {
  readonly outcomes: Outcomes
  readonly origin: Origin
  readonly #parts: readonly Batch<T>[]
  readonly #places: readonly PartRow[]

  /** At least one place, each in one of `parts`. */
  constructor(parts: readonly Batch<T>[], places: readonly PartRow[], outcomes?: Outcomes) {
    this.#parts = parts.map((part) => part.fork())
    this.#places = places
    this.origin = parts[places[0]!.part]!.origin
    this.outcomes = outcomes ?? new Outcomes(places.length)
    if (!outcomes)
      for (const [index, { part, row }] of places.entries()) {
        const mark = parts[part]!.outcomes.of(row)
        if (mark) this.outcomes.mark(index, mark)
      }
  }

  get length(): number {
    return this.#places.length
  }

  row(index: number): T {
    const { part, row } = this.#places[index]!
    return this.#parts[part]!.row(row)
  }

  cell(index: number, name: string): Cell {
    const { part, row } = this.#places[index]!
    return this.#parts[part]!.cell(row, name)
  }

  add(index: number, name: string, value: unknown): void {
    const { part, row } = this.#places[index]!
    this.#parts[part]!.add(row, name, value)
  }

  sourceRow(index: number): number | null {
    const { part, row } = this.#places[index]!
    return this.#parts[part]!.sourceRow(row)
  }

  fork(): JoinedBatch<T> {
    return new JoinedBatch(this.#parts, this.#places, this.outcomes.fork())
  }
}
