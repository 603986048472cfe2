import type { z } from 'zod'
import type { Refusal } from '../batch/outcome.ts'
import type { Judges } from './node.ts'
import type { PCollection, PTransform } from './pipeline.ts'
import type { Ref } from './ref.ts'
import type { AddedSpec, BatchFace, JudgeFace, RowFace, StepContext } from './step.ts'

/** Which row members a step reads: dotted paths, or a function of the step's options that answers them. */
type Reads<Options> = readonly string[] | ((options: Options) => readonly string[])

export interface TransformDefinition<In, Added, Schema extends z.ZodType> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  /**
   * Row members the step reads, as dotted paths, and columns of earlier steps by name. The source decodes only
   * what some step reads.
   */
  readonly reads: Reads<z.output<Schema>>
  /** the columns it adds, documented; a name that the row has already redefines it */
  readonly adds: { readonly [Name in keyof Added]: AddedSpec }
  /**
   * Called once a run, before `open`, for what every thread would otherwise make for itself: tables over
   * SharedArrayBuffer, which threads share, or other data that survives structured clone. `open` finds it in
   * `context.shared`.
   */
  share?(options: z.output<Schema>): unknown
  /** Called once in each thread that runs the step. */
  open(
    options: z.output<Schema>,
    context: StepContext,
  ): RowFace<In, Added> | BatchFace<In, Added> | Promise<RowFace<In, Added> | BatchFace<In, Added>>
}

/** The factory of a named transform. `In` is what it reads of a row, `Added` what it adds. */
export interface TransformFactory<In, Added, Schema extends z.ZodType> {
  (
    options: z.input<Schema>,
  ): <T extends In>(input: PCollection<T>) => PCollection<Omit<T, keyof Added> & Added>
  readonly definition: TransformDefinition<In, Added, Schema>
}

/**
 * A step that measures: it adds columns to every row, in the worker that reads the row. The module must export
 * what this returns under `name`.
 */
export function defineTransform<In, Added, Schema extends z.ZodType>(
  definition: TransformDefinition<In, Added, Schema>,
): TransformFactory<In, Added, Schema> {
  const factory = (options: z.input<Schema>) => addStep(definition, options, definition.adds, 'no')
  return Object.assign(factory, {
    definition: { ...definition, kind: 'transform' },
  }) as unknown as TransformFactory<In, Added, Schema>
}

export interface FilterDefinition<In, Schema extends z.ZodType> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  readonly reads: Reads<z.output<Schema>>
  /**
   * True when the filter may also be asked before anything else is done, with the members as the source has them,
   * however earlier steps redefine them: it must then refuse no row that it would keep in its place. A filter that
   * reads small members alone spares the reading of the large ones so.
   */
  readonly pushDown?: boolean
  /** Answers null to keep a row, or the reason with what was measured and what would have passed. */
  open(options: z.output<Schema>, context: StepContext): (row: In) => Refusal | null
}

/**
 * A step that judges rows. It marks and hides nothing: the row stays for the record with the first refusal as
 * its reason.
 */
export interface FilterFactory<In, Schema extends z.ZodType> {
  (options: z.input<Schema>): <T extends In>(input: PCollection<T>) => PCollection<T>
  readonly definition: TransformDefinition<In, object, Schema>
}

export function defineFilter<In, Schema extends z.ZodType>(
  filter: FilterDefinition<In, Schema>,
): FilterFactory<In, Schema> {
  const open = (options: z.output<Schema>, context: StepContext): JudgeFace<In> => ({
    judge: filter.open(options, context),
  })
  const definition = { ...filter, adds: {}, open, kind: 'filter' }
  const factory = (options: z.input<Schema>) =>
    addStep(definition, options, {}, filter.pushDown ? 'early' : 'in place')
  return Object.assign(factory, { definition }) as unknown as FilterFactory<In, Schema>
}

interface Defined<Schema extends z.ZodType> {
  readonly module: string
  readonly name: string
  readonly options: Schema
  readonly reads: Reads<z.output<Schema>>
  share?(options: z.output<Schema>): unknown
}

function addStep<Schema extends z.ZodType>(
  definition: Defined<Schema>,
  options: z.input<Schema>,
  adds: Readonly<Record<string, AddedSpec>>,
  judges: Judges,
): PTransform<PCollection<unknown>, PCollection<unknown>> {
  const parsed = definition.options.parse(options) as z.output<Schema>
  const ref: Ref = { module: definition.module, name: definition.name, options: parsed }
  const reads = typeof definition.reads === 'function' ? definition.reads(parsed) : definition.reads
  const operation = {
    kind: 'step',
    ref,
    judges,
    reads,
    adds,
    share: () => definition.share?.(parsed),
  } as const
  return (input) => input.pipeline.add(definition.name, operation, [input], ['output']).output
}
