import type { CollectionId, Node } from '../graph/node.ts'

/** The nodes that a node's elements come through, in topological order, up to the sources. */
export function ancestorsOf(nodes: readonly Node[], node: Node): Node[] {
  const makers = new Map<CollectionId, Node>()
  for (const each of nodes) for (const id of Object.values(each.outputs)) makers.set(id, each)
  const before = new Set<Node>()
  const visit = (each: Node): void => {
    for (const input of each.inputs) {
      const maker = makers.get(input)!
      if (before.has(maker)) continue
      before.add(maker)
      visit(maker)
    }
  }
  visit(node)
  return nodes.filter((each) => before.has(each))
}
