import type { z } from 'zod'
import type { Cell } from '../batch/columns.ts'
import type { Refusal } from '../batch/outcome.ts'
import type { CombineFn } from './combine-fn.ts'
import type { PCollection, PTransform } from './pipeline.ts'

/** The columns that a selection declared, of one row. */
export type SelectionRow = Readonly<Record<string, Cell>>

/**
 * A choice that needs to see all rows first: keep so many of each language. The rows still kept are combined into
 * a choice, bundle by bundle, in the workers; then each of them is judged by it. It is a barrier, and the source
 * is still read once: what the sinks want of the rows waits, encoded, beside the output.
 */
export interface Selection<Accumulator, Choice> extends CombineFn<SelectionRow, Accumulator, Choice> {
  /** Null keeps the row. Depends on the choice and the row alone. */
  judge(choice: Choice, row: SelectionRow): Refusal | null
}

export interface SelectionDefinition<Accumulator, Choice, Schema extends z.ZodType> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  /** columns it reads, of the row or added by earlier steps; small values only */
  readonly columns: readonly string[]
  open(options: z.output<Schema>): Selection<Accumulator, Choice>
}

export function defineSelection<Accumulator, Choice, Schema extends z.ZodType>(
  definition: SelectionDefinition<Accumulator, Choice, Schema>,
) {
  const factory = (options: z.input<Schema>) => {
    const parsed = definition.options.parse(options) as z.output<Schema>
    const ref = { module: definition.module, name: definition.name, options: parsed }
    const operation = { kind: 'select', ref, columns: definition.columns } as const
    return <T>(input: PCollection<T>): PCollection<T> =>
      input.pipeline.add(definition.name, operation, [input], ['output']).output
  }
  return Object.assign(
    factory satisfies (options: z.input<Schema>) => PTransform<PCollection<unknown>, unknown>,
    {
      definition,
    },
  )
}
