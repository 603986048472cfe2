import { inlineDo, type Output } from './do-fn.ts'
import type { PCollection, PTransform } from './pipeline.ts'

/** One element out for each element in. The function stays on the main thread. */
export function map<In, Out>(fn: (element: In) => Out): PTransform<PCollection<In>, PCollection<Out>> {
  const process = (element: In, output: Output<In, Out>) => output.emit(fn(element))
  return (input) => inlineDo('Map', input, { process }).output!
}

/** Any number of elements out for each element in. The function stays on the main thread. */
export function flatMap<In, Out>(
  fn: (element: In) => Iterable<Out>,
): PTransform<PCollection<In>, PCollection<Out>> {
  const process = (element: In, output: Output<In, Out>) => {
    for (const value of fn(element)) output.emit(value)
  }
  return (input) => inlineDo('FlatMap', input, { process }).output!
}

/** The elements for which the function is true. To give reasons, use `defineFilter`. */
export function filter<In>(fn: (element: In) => boolean): PTransform<PCollection<In>, PCollection<In>> {
  const process = (element: In, output: Output<In, In>) => {
    if (fn(element)) output.emit(element)
  }
  return (input) => inlineDo('Filter', input, { process }).output!
}

/** Splits a collection in `count` by the index, from 0, that the function answers. */
export function partition<In>(
  count: number,
  fn: (element: In) => number,
): PTransform<PCollection<In>, readonly PCollection<In>[]> {
  const tags = Array.from({ length: count }, (_, index) => ({ name: `part${index}` }))
  const process = (element: In, output: Output<In, never, Record<string, In>>) => {
    const index = fn(element)
    if (!Number.isInteger(index) || index < 0 || index >= count)
      throw new RangeError(`Partition: the function answered ${index}, expected 0 to ${count - 1}`)
    output.to(`part${index}`, element)
  }
  return (input) => {
    const outputs = inlineDo('Partition', input, { process }, tags)
    return tags.map(({ name }) => outputs[name]!)
  }
}
