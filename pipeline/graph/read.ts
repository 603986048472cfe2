import type { z } from 'zod'
import type { PCollection, Pipeline, PTransform } from './pipeline.ts'
import type { Source, SourceDefinition } from './source.ts'

/** The factory of a named source. */
export interface SourceFactory<T, Schema extends z.ZodType> {
  (options: z.input<Schema>): PTransform<Pipeline, PCollection<T>>
  readonly definition: SourceDefinition<T, Schema>
}

/** A source that the workers can load. The module must export what this returns under `name`. */
export function defineSource<T, Schema extends z.ZodType>(
  definition: SourceDefinition<T, Schema>,
): SourceFactory<T, Schema> {
  const factory = (options: z.input<Schema>): PTransform<Pipeline, PCollection<T>> => {
    const parsed = definition.options.parse(options) as z.output<Schema>
    const ref = { module: definition.module, name: definition.name, options: parsed }
    const open = (): Source<unknown> => definition.open(parsed)
    return (pipeline) =>
      pipeline.add(definition.name, { kind: 'read', ref, schema: definition.schema, open }, [], ['output'])
        .output
  }
  return Object.assign(factory, { definition })
}
