import type { z } from 'zod'
import type { Code, CombineKey } from './node.ts'
import type { PCollection, PTransform } from './pipeline.ts'

/**
 * Beam's aggregation. Accumulators are plain data: one is filled for each bundle, wherever it runs, and they are
 * merged in the order of the bundles, so that even an order-dependent function has one answer.
 */
export interface CombineFn<In, Accumulator, Out> {
  createAccumulator(): Accumulator
  /** may change and return the accumulator it is given */
  addInput(accumulator: Accumulator, element: In): Accumulator
  mergeAccumulators(accumulators: readonly Accumulator[]): Accumulator
  extractOutput(accumulator: Accumulator): Out
}

export interface CombineDefinition<In, Accumulator, Out, Schema extends z.ZodType> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  /** row members and columns it reads */
  readonly reads?: readonly string[]
  open(options: z.output<Schema>): CombineFn<In, Accumulator, Out>
}

/** A named CombineFn together with its options. */
export interface NamedCombine<In, Accumulator, Out> {
  readonly name: string
  readonly reads: readonly string[]
  readonly code: Code<CombineFn<In, Accumulator, Out>>
}

/** A CombineFn that any thread can load, so that bundles are combined where they run. */
export function defineCombine<In, Accumulator, Out, Schema extends z.ZodType>(
  definition: CombineDefinition<In, Accumulator, Out, Schema>,
) {
  const factory = (options: z.input<Schema>): NamedCombine<In, Accumulator, Out> => ({
    name: definition.name,
    reads: definition.reads ?? [],
    code: {
      ref: { module: definition.module, name: definition.name, options: definition.options.parse(options) },
    },
  })
  return Object.assign(factory, { definition })
}

type Combine<In, Accumulator, Out> = CombineFn<In, Accumulator, Out> | NamedCombine<In, Accumulator, Out>

/** Combines all elements into one: a collection of a single element. */
export function combineGlobally<In, Accumulator, Out>(
  fn: Combine<In, Accumulator, Out>,
): PTransform<PCollection<In>, PCollection<Out>> {
  return (input) => addCombine(input, 'CombineGlobally', fn, 'none')
}

/** Combines the values of each key; the results come in the order of their keys (by code unit). */
export function combinePerKey<In, Accumulator, Out>(
  fn: Combine<In, Accumulator, Out>,
): PTransform<
  PCollection<readonly [key: string, value: In]>,
  PCollection<readonly [key: string, value: Out]>
> {
  return (input) => addCombine(input, 'CombinePerKey', fn, 'pair')
}

/** Combines the rows that share the value of a column; a null is the key ''. Results come in the order of their keys. */
export function combineBy<Column extends string, In, Accumulator, Out>(
  column: Column,
  fn: Combine<In, Accumulator, Out>,
): PTransform<
  PCollection<In & { readonly [Name in Column]: string | null }>,
  PCollection<readonly [key: string, value: Out]>
> {
  return (input) => addCombine(input, 'CombineBy', fn, { column })
}

function addCombine<In, Accumulator, Out>(
  input: PCollection<unknown>,
  name: string,
  fn: Combine<In, Accumulator, Out>,
  key: CombineKey,
): PCollection<never> {
  const named: NamedCombine<In, Accumulator, Out> =
    'code' in fn ? fn : { name, reads: ['*'], code: { inline: () => fn } }
  const reads = typeof key === 'object' ? [...named.reads, key.column] : named.reads
  const code = named.code as Code<CombineFn<never, unknown, unknown>>
  return input.pipeline.add(named.name, { kind: 'combine', code, reads, key }, [input], ['output']).output
}
