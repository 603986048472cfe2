import type { PCollection, Pipeline, PTransform } from './pipeline.ts'

/** A collection of given values, in order. */
export function create<T>(values: readonly T[]): PTransform<Pipeline, PCollection<T>> {
  return (pipeline) => pipeline.add('Create', { kind: 'create', values }, [], ['output']).output
}
