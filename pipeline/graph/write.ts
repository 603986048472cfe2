import type { z } from 'zod'
import type { PCollection, PTransform } from './pipeline.ts'
import type { SinkDefinition } from './sink.ts'

/** The end of a branch: what was written, as receipts in the run's result. */
export interface Written {
  readonly sink: string
}

/** The factory of a named sink. */
export interface SinkFactory<In, Schema extends z.ZodType> {
  (options: z.input<Schema>): PTransform<PCollection<In>, Written>
  readonly definition: SinkDefinition<In, Schema>
}

/** A sink that the workers and the committer can load. The module must export what this returns under `name`. */
export function defineSink<In, Schema extends z.ZodType>(
  definition: SinkDefinition<In, Schema>,
): SinkFactory<In, Schema> {
  const factory = (options: z.input<Schema>): PTransform<PCollection<In>, Written> => {
    const parsed = definition.options.parse(options) as z.output<Schema>
    const operation = {
      kind: 'write',
      ref: { module: definition.module, name: definition.name, options: parsed },
      reads: definition.reads?.(parsed) ?? [],
      columns: definition.columns?.(parsed) ?? [],
      encodes: definition.encoder !== undefined,
    } as const
    return (input) => {
      input.pipeline.add(definition.name, operation, [input], [])
      return { sink: input.pipeline.nodes.at(-1)!.name }
    }
  }
  return Object.assign(factory, { definition: { ...definition, kind: 'sink' } })
}
