import { type Batch, type Origin, ValueBatch } from '../batch/batch.ts'
import type { Refusal } from '../batch/outcome.ts'
import { plainCopy } from '../batch/row.ts'
import { isRowError } from '../errors.ts'
import type { DoFn, Output } from '../graph/do-fn.ts'
import type { View } from '../graph/view.ts'
import type { NodeOf } from '../plan/plan.ts'
import type { Emit, NodeRunner } from './node-runner.ts'
import { elementOf, rowsInView } from './record-columns.ts'
import { stepError } from './step-runner.ts'

const BEFORE_BATCHES: Origin = { file: '', revision: null, firstRow: 0 }

interface Emitted {
  values: unknown[]
  sourceRows: (number | null)[]
}

/** Runs a DoFn: its elements leave as value batches, one for each output, after each batch that came in. */
export class DoRunner implements NodeRunner {
  readonly #node: NodeOf<'do'>
  readonly #fn: DoFn<unknown, unknown>
  readonly #emit: Emit
  readonly #emitted = new Map<string, Emitted>()
  #sourceRow: number | null = null
  #origin = BEFORE_BATCHES

  constructor(node: NodeOf<'do'>, fn: DoFn<unknown, unknown>, emit: Emit) {
    this.#node = node
    this.#fn = fn
    this.#emit = emit
  }

  async startBundle(): Promise<void> {
    this.#emitted.clear()
    this.#sourceRow = null
    this.#origin = BEFORE_BATCHES
    await this.#fn.startBundle?.(this.#output)
    await this.#flush()
  }

  async accept(batch: Batch, view: View): Promise<void> {
    this.#origin = batch.origin
    for (const row of rowsInView(batch, view)) {
      this.#sourceRow = batch.sourceRow(row)
      const element = elementOf(batch, row, view)
      try {
        await this.#fn.process(element, this.#output)
      } catch (error) {
        if (!isRowError(error) || !this.#node.routesFailed)
          throw stepError(this.#node.name, batch, row, error)
        this.#put('failed', { element: plainCopy(element), field: error.field, message: error.message })
      }
    }
    await this.#flush()
  }

  async finishBundle(): Promise<void> {
    this.#sourceRow = null
    await this.#fn.finishBundle?.(this.#output)
    await this.#flush()
  }

  close(): void | Promise<void> {
    return this.#fn.teardown?.()
  }

  readonly #output: Output<unknown, unknown, Record<string, unknown>> = {
    emit: (value) => this.#put('output', value),
    to: (tag, value) => {
      if (!this.#node.tags.includes(tag)) throw new RangeError(`'${this.#node.name}' has no output '${tag}'`)
      this.#put(tag, value)
    },
    drop: (element, refusal: Refusal) => this.#put('dropped', { element: plainCopy(element), ...refusal }),
  }

  #put(tag: string, value: unknown): void {
    let emitted = this.#emitted.get(tag)
    if (!emitted) {
      emitted = { values: [], sourceRows: [] }
      this.#emitted.set(tag, emitted)
    }
    emitted.values.push(value)
    emitted.sourceRows.push(this.#sourceRow)
  }

  async #flush(): Promise<void> {
    const emitted = [...this.#emitted]
    this.#emitted.clear()
    for (const [tag, { values, sourceRows }] of emitted)
      await this.#emit(this.#node.outputs[tag]!, new ValueBatch(values, this.#origin, sourceRows), 'kept')
  }
}
