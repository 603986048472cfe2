import { leafPaths, type Struct } from '../batch/schema.ts'
import type { Node } from '../graph/node.ts'
import type { Early } from './plan.ts'
import { nodesOfRows } from './projection.ts'

/**
 * Push-down: the filters that may judge early and read nothing but cheap leaves of the source. They run before the
 * expensive leaves are read, so a row that one of them refuses costs next to nothing; they run again in their place.
 * Only the unbranched chain after the source counts: a mark made there holds for every branch.
 */
export function earlyFilters(nodes: readonly Node[], read: Node, projected: Struct): Early {
  const cheap = cheapLeaves(projected)
  const filters: number[] = []
  for (const { id, operation } of chainAfter(nodes, read)) {
    if (operation.kind !== 'step') break
    if (operation.judges === 'early' && operation.reads.every((path) => cheap.has(path))) filters.push(id)
  }
  return { filters, leaves: filters.length > 0 ? [...cheap] : [] }
}

function chainAfter(nodes: readonly Node[], read: Node): Node[] {
  const reached = nodesOfRows(nodes, read)
  const chain: Node[] = []
  let collection = read.outputs.output
  for (;;) {
    const next = reached.filter((node) => node.inputs.includes(collection!))
    if (next.length !== 1 || next[0]!.inputs.length !== 1) return chain
    chain.push(next[0]!)
    collection = next[0]!.outputs.output
    if (collection === undefined) return chain
  }
}

/** Leaves that are small whatever the row: no part of a list, no bulky text. */
function cheapLeaves(schema: Struct): ReadonlySet<string> {
  const cheap = leafPaths(schema).filter(({ leaf, lists }) => lists.length === 0 && !leaf.bulky)
  return new Set(cheap.map(({ path }) => path))
}
