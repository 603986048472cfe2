import { PlanError } from '../errors.ts'
import type { PCollection } from './pipeline.ts'

/** All elements of several collections, those of the first source first. */
export function flatten<T>(collections: readonly PCollection<T>[]): PCollection<T> {
  const [first] = collections
  if (!first) throw new PlanError('Flatten needs at least one collection')
  return first.pipeline.add('Flatten', { kind: 'flatten' }, collections, ['output']).output
}
