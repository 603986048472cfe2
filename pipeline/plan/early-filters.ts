import { leafPaths, type Struct } from '../batch/schema.ts'
import type { Node } from '../graph/node.ts'
import type { Early } from './plan.ts'
import { addedBy, nodesOfRows } from './projection.ts'

/**
 * Push-down: the filters that read nothing but cheap leaves of the source, as they are before any step redefines
 * them. They run before the expensive leaves are read, so a row that one of them refuses costs next to nothing.
 * Only the unbranched chain after the source counts: a mark made there holds for every branch.
 */
export function earlyFilters(nodes: readonly Node[], read: Node, projected: Struct): Early {
  const cheap = cheapLeaves(projected)
  const redefined = new Set<string>()
  const filters: number[] = []
  for (const node of chainAfter(nodes, read)) {
    const { operation } = node
    if (operation.kind !== 'step') break
    const early = operation.judges && operation.reads.every((path) => cheap.has(path) && !redefined.has(path))
    if (early) filters.push(node.id)
    for (const name of addedBy(node)) redefined.add(name)
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
