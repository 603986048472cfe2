import type { Batch } from '../batch/batch.ts'
import { plainCopy } from '../batch/row.ts'
import { StepError } from '../errors.ts'
import type { CombineFn } from '../graph/combine-fn.ts'
import type { CombineKey } from '../graph/node.ts'
import type { View } from '../graph/view.ts'
import type { NodeOf } from '../plan/plan.ts'
import type { BundleOutput, NodeRunner } from './node-runner.ts'
import { elementOf, rowsInView } from './record-columns.ts'
import { stepError } from './step-runner.ts'

/** Accumulators by key; a Combine without keys has the one key ''. */
export type Accumulators = Record<string, unknown>

/** A Combine over its bundles: fills accumulators, merges those of other bundles, extracts the result. */
export class Combiner {
  readonly #fn: CombineFn<unknown, unknown, unknown>
  readonly #key: CombineKey
  readonly #name: string
  #accumulators: Accumulators = Object.create(null)

  constructor(name: string, fn: CombineFn<unknown, unknown, unknown>, key: CombineKey) {
    this.#name = name
    this.#fn = fn
    this.#key = key
  }

  add(element: unknown): void {
    const [key, value] = this.#keyed(element)
    const before = key in this.#accumulators ? this.#accumulators[key] : this.#fn.createAccumulator()
    this.#accumulators[key] = this.#fn.addInput(before, value)
  }

  /** The accumulators so far; the next bundle starts with none. */
  take(): Accumulators {
    const taken = this.#accumulators
    this.#accumulators = Object.create(null)
    return taken
  }

  /** Takes in what a later bundle accumulated. */
  merge(accumulators: Accumulators): void {
    for (const [key, later] of Object.entries(accumulators))
      this.#accumulators[key] =
        key in this.#accumulators ? this.#fn.mergeAccumulators([this.#accumulators[key], later]) : later
  }

  /** One element without keys, or the pairs in the order of their keys. */
  extract(): unknown[] {
    const value = (key: string) =>
      this.#fn.extractOutput(
        key in this.#accumulators ? this.#accumulators[key] : this.#fn.createAccumulator(),
      )
    if (this.#key === 'none') return [value('')]
    return Object.keys(this.#accumulators)
      .sort()
      .map((key) => [key, value(key)])
  }

  #keyed(element: unknown): [string, unknown] {
    if (this.#key === 'none') return ['', element]
    if (typeof this.#key === 'object')
      return [String((element as Record<string, unknown>)[this.#key.column] ?? ''), element]
    if (!Array.isArray(element) || typeof element[0] !== 'string')
      throw new TypeError(`'${this.#name}' combines [key, value] pairs with a string key`)
    return [element[0], element[1]]
  }
}

export class CombineRunner implements NodeRunner {
  readonly #node: NodeOf<'combine'>
  readonly #combiner: Combiner

  constructor(node: NodeOf<'combine'>, fn: CombineFn<unknown, unknown, unknown>) {
    this.#node = node
    this.#combiner = new Combiner(node.name, fn, node.key)
  }

  startBundle(): void {
    this.#combiner.take()
  }

  accept(batch: Batch, view: View): void {
    for (const row of rowsInView(batch, view))
      try {
        this.#combiner.add(elementOf(batch, row, view))
      } catch (cause) {
        throw stepError(this.#node.name, batch, row, cause)
      }
  }

  finishBundle(output: BundleOutput): void {
    output.accumulators[this.#node.id] = this.#withoutRows(this.#combiner.take())
  }

  /** Accumulators outlive the bundle, and its rows have ended: one that holds a row can't be copied any more. */
  #withoutRows(accumulators: Accumulators): Accumulators {
    const { name } = this.#node
    try {
      return plainCopy(accumulators) as Accumulators
    } catch (cause) {
      throw new StepError(
        `the accumulator of '${name}' holds a row, which ends with its batch: copy what it needs`,
        {
          where: { step: name },
          cause,
        },
      )
    }
  }
}
