import type { Batch, RowBatch } from '../batch/batch.ts'
import type { ColumnSpec } from '../batch/columns.ts'
import type { Memory } from '../batch/memory.ts'
import type { Refusal } from '../batch/outcome.ts'
import type { StepMetrics } from './metrics.ts'

/** Whether steps measure every readable row (`all`), or only rows that no filter has refused yet (`kept`). */
export type Measure = 'all' | 'kept'

export interface StepContext {
  /** the step's unique name in this pipeline */
  readonly step: string
  readonly measure: Measure
  readonly metrics: StepMetrics
  /** the memory that this thread's batches of rows lie in */
  readonly memory: Memory
  /** what the definition's `share` made; undefined where it has none */
  readonly shared: unknown
  /** Whether a measuring step should look at this row. A `batch` face asks; the others are only given such rows. */
  wants(batch: Batch, row: number): boolean
}

/** Common to every face: called in the thread that runs the step, once each. */
interface Lifecycle {
  /** before a bundle's first batch */
  startBundle?(): void | Promise<void>
  /** after a bundle's last batch */
  finishBundle?(): void | Promise<void>
  /** after the last bundle */
  teardown?(): void | Promise<void>
}

/** Where a row was read. */
export interface SourcePosition {
  /** path or URI as the user would write it */
  readonly file: string
  /** commit of the dataset; null for local files */
  readonly revision: string | null
  /** position in the file, from 0; null for elements that came from several rows */
  readonly row: number | null
}

/**
 * Adds columns to a row. What it returns must be a pure function of the row and its position. A RowError fails
 * the row; any other error ends the run.
 */
export interface RowFace<In, Added> extends Lifecycle {
  row(row: In, position: SourcePosition): Added | Promise<Added>
}

/**
 * The face of bytes: works on a whole batch in place, adding its columns with `batch.add`. Rows without bytes can't
 * take this face.
 */
export interface BatchFace<In, Added> extends Lifecycle {
  batch(batch: RowBatch<In>): void | Promise<void>
  /** phantom: the columns it adds */
  readonly added?: Added
}

/** Keeps a row (null) or says why not. It marks: a refused row stays in its collection for the record. */
export interface JudgeFace<In> extends Lifecycle {
  judge(row: In): Refusal | null
}

/**
 * A value that a step puts beside the row and that lives as long as the batch: never written to a table.
 * Parsed structures go here.
 */
export const transient = { type: 'transient' } as const

export type AddedSpec = ColumnSpec | typeof transient
