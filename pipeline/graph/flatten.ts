import { PlanError } from '../errors.ts'
import type { PCollection } from './pipeline.ts'

/**
 * All elements of several collections; a collection given twice gives its elements twice. Bundle by bundle they come in
 * the order of the source rows that they were made from, and of one row in the order of `collections`: how a source cuts
 * its batches changes nothing. Where branches of one source meet, elements are rows without bytes, so steps that work on
 * bytes go before.
 */
export function flatten<T>(collections: readonly PCollection<T>[]): PCollection<T> {
  const [first] = collections
  if (!first) throw new PlanError('Flatten needs at least one collection')
  return first.pipeline.add('Flatten', { kind: 'flatten' }, collections, ['output']).output
}
