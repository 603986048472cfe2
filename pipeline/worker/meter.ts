import type { StepTiming } from './bundle-result.ts'

/**
 * Books what is spent to the node that spends it. Nodes nest as they hand each other batches: while an inner one is
 * entered, nothing is booked to the outer ones.
 */
export interface Meter {
  /** `rows` that the node is given now */
  enter(node: number, rows: number): void
  leave(): void
  /** Notes bytes of what a node is given; asked for only where they are noted. */
  touch(node: number, bytes: () => number): void
  /** What was booked since the last call, by node. */
  take(): Record<number, StepTiming>
}

/** Measures time alone, at two looks at the clock for each batch and node: every run has it. */
export class TimeMeter implements Meter {
  #booked: Record<number, { rows: number; nanoseconds: number }> = {}
  readonly #entered: number[] = []
  readonly #clock: () => bigint
  #since = 0n

  /** `clock` tells nanoseconds. */
  constructor(clock: () => bigint = process.hrtime.bigint) {
    this.#clock = clock
  }

  enter(node: number, rows: number): void {
    this.#book()
    this.#entered.push(node)
    this.#of(node).rows += rows
  }

  leave(): void {
    this.#book()
    this.#entered.pop()
  }

  touch(): void {}

  take(): Record<number, StepTiming> {
    const booked = this.#booked
    this.#booked = {}
    return booked
  }

  #book(): void {
    const now = this.#clock()
    const node = this.#entered.at(-1)
    if (node !== undefined) this.#of(node).nanoseconds += Number(now - this.#since)
    this.#since = now
  }

  #of(node: number): { rows: number; nanoseconds: number } {
    this.#booked[node] ??= { rows: 0, nanoseconds: 0 }
    return this.#booked[node]
  }
}
