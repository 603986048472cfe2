import type { z } from 'zod'
import type { Batch } from '../batch/batch.ts'
import type { Cell } from '../batch/columns.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { StepContext } from './step.ts'

/** Encodes rows in the workers. What it writes must depend on the row alone, not on its neighbours. */
export interface RowEncoder {
  encode(batch: Batch, row: number, writer: ByteWriter): void
}

/** A bundle's part for one sink. Valid until `write` settles. */
export interface SinkBundle {
  /** position of the bundle in the plan; parts arrive in this order, some bundles may have no part */
  readonly index: number
  readonly rows: number
  /** The values of a column that the sink declared, one a row. */
  column(name: string): readonly Cell[]
  /** The rows as plain objects of the declared columns. */
  objects(): Record<string, Cell>[]
  /** the encoder's bytes for exactly these rows, sealed; null without an encoder */
  readonly segment: Uint8Array | null
}

/** A finished file. */
export interface Receipt {
  /** relative to the output directory, with forward slashes */
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** hex */
  readonly sha256: string
}

export interface SinkContext {
  /** the sink's unique name in this pipeline */
  readonly sink: string
  /** absolute path of the output directory */
  readonly directory: string
  readonly signal: AbortSignal
}

/**
 * The one writer of a run, living in the committer's thread. Calls come one at a time: `write` for each bundle in
 * source order, then `commit`, or `abort` at any time. The promise of `write` is the backpressure. Before `commit`,
 * nothing is visible under its final name; after `abort` nothing is left, even where `commit` was called before:
 * another sink's commit may have failed.
 */
export interface SinkWriter {
  write(bundle: SinkBundle): Promise<void>
  commit(): Promise<readonly Receipt[]>
  abort(cause: unknown): Promise<void>
}

export interface SinkDefinition<In, Schema extends z.ZodType> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  /** row members that the encoder reads, as dotted paths */
  reads?(options: z.output<Schema>): readonly string[]
  /**
   * Columns that `write` wants, by name: a member of the row at top level, a column that a step added, or one of
   * the record columns (`source_file`, `source_row`, `source_revision`, `verdict`, `step`, `reason`, `value`,
   * `threshold`, `error_field`, `error`). `all` stands for every column that steps of the pipeline add.
   */
  columns?(options: z.output<Schema>): readonly string[] | 'all'
  /** Made once in each worker. */
  encoder?(options: z.output<Schema>, context: StepContext): RowEncoder | Promise<RowEncoder>
  /** Closes a bundle's encoded bytes, for instance into a zstd frame. Pure; runs in the workers where it can. */
  seal?(segment: Uint8Array, options: z.output<Schema>): Uint8Array
  /** Rows the sink accepts; only the type is used. */
  open(options: z.output<Schema>, context: SinkContext): SinkWriter | Promise<SinkWriter>
  /** phantom: the rows it takes */
  readonly input?: (row: In) => void
}
