import { inspect } from 'node:util'
import { type Batch, RowBatch } from '../batch/batch.ts'
import { isRowError, StepError } from '../errors.ts'
import type { StepFace } from '../graph/node.ts'
import type { BatchFace, JudgeFace, RowFace, StepContext } from '../graph/step.ts'
import type { View } from '../graph/view.ts'
import type { NodeOf } from '../plan/plan.ts'
import type { Emit, NodeRunner } from './node-runner.ts'

/** Runs a step that adds columns or judges, in place, and passes the batch on. */
export class StepRunner implements NodeRunner {
  readonly #node: NodeOf<'step'>
  readonly #face: StepFace
  readonly #context: StepContext
  readonly #emit: Emit

  constructor(node: NodeOf<'step'>, face: StepFace, context: StepContext, emit: Emit) {
    this.#node = node
    this.#face = face
    this.#context = context
    this.#emit = emit
  }

  startBundle(): void | Promise<void> {
    return this.#face.startBundle?.()
  }

  async accept(batch: Batch, view: View): Promise<void> {
    await this.apply(batch)
    await this.#emit(this.#node.outputs.output!, batch, view)
  }

  /** Marks or measures the batch's rows, without passing it on. */
  async apply(batch: Batch): Promise<void> {
    if ('batch' in this.#face) return this.#applyBatch(this.#face as BatchFace<unknown, unknown>, batch)
    for (let row = 0; row < batch.length; row++) {
      try {
        if ('judge' in this.#face) this.#judge(this.#face as JudgeFace<unknown>, batch, row)
        else await this.#measure(this.#face as RowFace<unknown, Record<string, unknown>>, batch, row)
      } catch (error) {
        failRow(batch, row, this.#node.name, error)
      }
    }
  }

  finishBundle(): void | Promise<void> {
    return this.#face.finishBundle?.()
  }

  close(): void | Promise<void> {
    return this.#face.teardown?.()
  }

  async #applyBatch(face: BatchFace<unknown, unknown>, batch: Batch): Promise<void> {
    const step = this.#node.name
    if (!(batch instanceof RowBatch))
      throw new StepError(`'${step}' works on the bytes of rows, and these elements are plain values`, {
        where: { step },
      })
    try {
      await face.batch(batch)
    } catch (cause) {
      throw stepError(step, batch, null, cause)
    }
  }

  #judge(face: JudgeFace<unknown>, batch: Batch, row: number): void {
    if (!batch.outcomes.kept(row)) return
    const refusal = face.judge(batch.row(row))
    if (refusal === null || refusal === undefined) return
    // A filter written in JavaScript has no compiler to tell it what to answer.
    if (typeof refusal.reason !== 'string')
      throw new TypeError(
        `it answered ${inspect(refusal, { depth: 1 })}; a filter answers null to keep a row, { reason, value, threshold } to drop it`,
      )
    batch.outcomes.mark(row, { verdict: 'dropped', step: this.#node.name, ...refusal })
  }

  #measure(face: RowFace<unknown, Record<string, unknown>>, batch: Batch, row: number): void | Promise<void> {
    if (!this.#context.wants(batch, row)) return
    const { file, revision } = batch.origin
    const added = face.row(batch.row(row), { file, revision, row: batch.sourceRow(row) })
    if (added instanceof Promise) return added.then((values) => this.#add(batch, row, values))
    this.#add(batch, row, added)
  }

  #add(batch: Batch, row: number, values: Record<string, unknown>): void {
    for (const name of this.#node.adds) batch.add(row, name, values[name] ?? null)
  }
}

/** A RowError fails its row; anything else is the step's fault and ends the run. */
export function failRow(batch: Batch, row: number, step: string, error: unknown): void {
  if (!isRowError(error)) throw stepError(step, batch, row, error)
  batch.outcomes.mark(row, { verdict: 'failed', step, field: error.field, message: error.message })
}

export function stepError(step: string, batch: Batch, row: number | null, cause: unknown): StepError {
  const { file } = batch.origin
  const sourceRow = row === null ? batch.origin.firstRow : batch.sourceRow(row)
  const where = sourceRow === null ? file : `${file}, row ${sourceRow}`
  const message = cause instanceof Error ? cause.message : String(cause)
  return new StepError(`step '${step}' failed at ${where}: ${message}`, {
    where: { step, file, ...(sourceRow === null ? {} : { row: sourceRow }) },
    cause,
  })
}
