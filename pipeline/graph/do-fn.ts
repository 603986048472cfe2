import type { z } from 'zod'
import type { Refusal } from '../batch/outcome.ts'
import type { Code, Dropped, Failed } from './node.ts'
import type { PCollection, PTransform } from './pipeline.ts'
import type { Ref } from './ref.ts'
import type { StepContext } from './step.ts'

/** Where a DoFn's elements go. `Tags` maps the extra outputs' names to their element types. */
export interface Output<In, Out, Tags = unknown> {
  emit(value: Out): void
  to<Tag extends keyof Tags & string>(tag: Tag, value: Tags[Tag]): void
  /** refuses the element being processed: it goes to the tag `dropped` */
  drop(element: In, refusal: Refusal): void
}

/**
 * Beam's unit of processing: setup → (startBundle → process* → finishBundle)* → teardown, all of which may be
 * async. `process` is called for one element at a time. A bundle may run again after a failure, so a DoFn is
 * idempotent: it keeps no state from one bundle to the next that changes what it emits.
 *
 * A RowError thrown by `process` sends the element to the tag `failed`; where no step takes that output, it ends the run
 * like any other error. What `dropped` and `failed` hold of a row is a plain copy of what was read of it.
 *
 * A row is read lazily, from what is declared in `reads`: `{ ...row }` copies nothing, so name the members to pass on.
 *
 * What leaves is known from the type of `output`: `process(n: number, output: Output<number, string>)`.
 */
export interface DoFn<In, Out, Tags = unknown> {
  setup?(context: StepContext): void | Promise<void>
  startBundle?(output: Output<In, Out, Tags>): void | Promise<void>
  process(element: In, output: Output<In, Out, Tags>): void | Promise<void>
  finishBundle?(output: Output<In, Out, Tags>): void | Promise<void>
  teardown?(): void | Promise<void>
}

/** The name of an extra output, with the type of its elements. */
export interface Tag<Name extends string, T> {
  readonly name: Name
  /** phantom */
  readonly element?: T
}

/** `dropped` and `failed` are every DoFn's own. */
type Reserved = 'output' | 'dropped' | 'failed'

/** Names an extra output: `tag<number>()('odd')`. */
export const tag =
  <T>() =>
  <const Name extends string>(name: Name extends Reserved ? never : Name): Tag<Name, T> => ({ name })

type TagMap<List extends readonly Tag<string, unknown>[]> = {
  [Item in List[number] as Item['name']]: Item extends Tag<string, infer T> ? T : never
}

/** The outputs of a ParDo with tags. */
export type Outputs<In, Out, Tags> = {
  readonly output: PCollection<Out>
  readonly dropped: PCollection<Dropped<In>>
  readonly failed: PCollection<Failed<In>>
} & { readonly [Name in keyof Tags]: PCollection<Tags[Name]> }

/**
 * Applies a DoFn held in this process: it stays on the main thread, and its elements cross to it as copies. Name
 * it with `defineDoFn` to have it fused into the workers.
 */
export function parDo<In, Out>(fn: DoFn<In, Out>): PTransform<PCollection<In>, PCollection<Out>>
export function parDo<In, Out, const List extends readonly Tag<string, unknown>[]>(
  fn: DoFn<In, Out, NoInfer<TagMap<List>>>,
  tags: List,
): PTransform<PCollection<In>, Outputs<In, Out, TagMap<List>>>
export function parDo(
  fn: DoFn<unknown, unknown>,
  tags?: readonly Tag<string, unknown>[],
): PTransform<PCollection<unknown>, unknown> {
  return (input) => {
    const made = inlineDo('ParDo', input, fn, tags)
    return tags ? made : made.output
  }
}

/** Adds a DoFn held in this process under a name of its own. */
export function inlineDo(
  name: string,
  input: PCollection<unknown>,
  fn: DoFn<never, unknown, never>,
  tags: readonly Tag<string, unknown>[] = [],
): Record<string, PCollection<never>> {
  return addDo(input, name, { inline: () => fn as DoFn<never, unknown> }, ['*'], tags)
}

export interface DoFnDefinition<
  In,
  Out,
  List extends readonly Tag<string, unknown>[],
  Schema extends z.ZodType,
> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  /** row members it reads, as dotted paths; nothing for collections of values */
  readonly reads?: readonly string[]
  readonly tags?: List
  open(options: z.output<Schema>): DoFn<In, Out, TagMap<List>>
}

/** A DoFn that any thread can load. Returns the factory of its transform. */
export function defineDoFn<
  In,
  Out,
  Schema extends z.ZodType,
  const List extends readonly Tag<string, unknown>[] = [],
>(definition: DoFnDefinition<In, Out, List, Schema>) {
  const factory = (options: z.input<Schema>): PTransform<PCollection<In>, Outputs<In, Out, TagMap<List>>> => {
    const ref: Ref = {
      module: definition.module,
      name: definition.name,
      options: definition.options.parse(options),
    }
    return (input) => {
      const made: unknown = addDo(input, definition.name, { ref }, definition.reads ?? [], definition.tags)
      return made as Outputs<In, Out, TagMap<List>>
    }
  }
  return Object.assign(factory, { definition })
}

function addDo(
  input: PCollection<unknown>,
  name: string,
  code: Code<DoFn<never, unknown>>,
  reads: readonly string[],
  tags: readonly Tag<string, unknown>[] = [],
): Record<string, PCollection<never>> {
  const names = tags.map((each) => each.name)
  return input.pipeline.add(
    name,
    { kind: 'do', code, reads, tags: names },
    [input],
    ['output', 'dropped', 'failed', ...names],
  )
}
