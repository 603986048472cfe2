import type { CollectionId, Node } from '../graph/node.ts'

/** Kinds of node that hand on the batches they are given. */
const PASSES_ON: readonly string[] = ['flatten', 'outcomes', 'select']

/**
 * Which of each node's inputs are given to it with marks and columns of their own, by node and input: those that a
 * step behind it changes in place, and that another branch gets as well.
 */
export function forkedInputs(nodes: readonly Node[]): boolean[][] {
  const takers = new Map<CollectionId, Node[]>()
  for (const node of nodes)
    for (const input of node.inputs) takers.set(input, [...(takers.get(input) ?? []), node])
  const takersOf = (ids: readonly CollectionId[]) => ids.flatMap((id) => takers.get(id) ?? [])

  const changes: boolean[] = []
  for (const { id, operation, outputs } of nodes.toReversed())
    changes[id] =
      operation.kind === 'step' ||
      (PASSES_ON.includes(operation.kind) &&
        takersOf(Object.values(outputs)).some((taker) => changes[taker.id]))

  // The outputs of `outcomes` are views of one batch.
  const sameBatch = new Map<CollectionId, readonly CollectionId[]>()
  for (const { operation, outputs } of nodes)
    if (operation.kind === 'outcomes')
      for (const id of Object.values(outputs)) sameBatch.set(id, Object.values(outputs))

  return nodes.map(({ id, inputs }) =>
    inputs.map((input) => changes[id]! && takersOf(sameBatch.get(input) ?? [input]).length > 1),
  )
}
