import { ROW_MEMBERS, type RowLayout } from '../batch/row.ts'
import { project, struct } from '../batch/schema.ts'
import { PlanError } from '../errors.ts'
import type { CollectionId, Node } from '../graph/node.ts'
import { ancestorsOf } from './ancestors.ts'
import { memberPaths } from './member-paths.ts'
import type { Place } from './plan.ts'

/** The nodes that a source's rows reach, in topological order, up to where they become other elements. */
export function nodesOfRows(nodes: readonly Node[], read: Node): Node[] {
  const rows = new Set<CollectionId>(Object.values(read.outputs))
  const reached: Node[] = []
  for (const node of nodes) {
    if (!node.inputs.some((id) => rows.has(id))) continue
    reached.push(node)
    if (node.operation.kind !== 'do' && node.operation.kind !== 'combine')
      for (const id of Object.values(node.outputs)) rows.add(id)
  }
  return reached
}

/** Row members and columns that a node reads by its own account. */
export function readsOf({ operation }: Node): readonly string[] {
  switch (operation.kind) {
    case 'select':
      return operation.columns
    case 'write':
      return operation.columns === 'all' ? operation.reads : [...operation.reads, ...operation.columns]
    case 'step':
    case 'do':
    case 'combine':
      return operation.reads
    default:
      return []
  }
}

/** What a source must decode: the members that some step reads, and nothing else. */
export function layoutOf(nodes: readonly Node[], read: Node, places: readonly Place[]): RowLayout {
  if (read.operation.kind !== 'read' || !read.operation.schema) return { schema: struct({}), added: [] }
  const reached = nodesOfRows(nodes, read)
  const reads = new Set<string>()
  for (const node of reached) for (const path of readsOf(node)) reads.add(path)
  const crosses = reached.some((node) => places[node.id] === 'main')
  const all = crosses || reads.has('*')
  const schema = all ? read.operation.schema : project(read.operation.schema, reads)
  const decoded = memberPaths(schema)
  const added = [...new Set(reached.flatMap(addedBy))]
  checkNames(read, [...decoded, ...added])
  const unread = [...memberPaths(read.operation.schema)].filter((path) => !decoded.has(path))
  return { schema, added, unread }
}

function checkNames({ name }: Node, paths: readonly string[]): void {
  const taken = paths.find((path) => ROW_MEMBERS.includes(path.split('.').at(-1)!))
  if (taken !== undefined)
    throw new PlanError(
      `the rows of '${name}' can't have a member '${taken}': every row has a method of that name`,
    )
}

/** The table columns that steps before a node add to its rows, in the order they are added. */
export function columnsAddedBefore(nodes: readonly Node[], node: Node): string[] {
  const columns = ancestorsOf(nodes, node).flatMap(({ operation }) => {
    if (operation.kind !== 'step') return []
    return Object.entries(operation.adds).flatMap(([name, spec]) => (spec.type === 'transient' ? [] : [name]))
  })
  return [...new Set(columns)]
}

/** Columns that a step adds to its rows. */
export function addedBy(node: Node): string[] {
  return node.operation.kind === 'step' ? Object.keys(node.operation.adds) : []
}
