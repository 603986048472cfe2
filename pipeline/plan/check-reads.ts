import { closestWord } from '../closest-word.ts'
import { PlanError } from '../errors.ts'
import type { Node } from '../graph/node.ts'
import { RECORD_COLUMNS } from '../graph/record-columns.ts'
import { ancestorsOf } from './ancestors.ts'
import { memberPaths } from './member-paths.ts'
import { addedBy, nodesOfRows, readsOf } from './projection.ts'

/**
 * Throws PlanError when a node of a source's rows reads what the rows don't have: no member of the source's schema,
 * and no column of a step before it. It would read null in every row, and no filter can tell that from nothing there.
 */
export function checkReads(nodes: readonly Node[], read: Node): void {
  if (read.operation.kind !== 'read' || !read.operation.schema) return
  const members = memberPaths(read.operation.schema)
  for (const node of nodesOfRows(nodes, read)) {
    const columns = new Set(ancestorsOf(nodes, node).flatMap(addedBy))
    const known = (path: string) =>
      members.has(path) || columns.has(path.split('.')[0]!) || isRecord(node, path)
    const unknown = readsOf(node).find((path) => path !== '*' && !known(path))
    if (unknown !== undefined) {
      const near = closestWord(unknown, [...columns, ...members])
      throw new PlanError(
        `'${node.name}' reads '${unknown}', which '${read.name}' does not have and no step before it adds` +
          (near === null ? '' : `; did you mean '${near}'?`),
      )
    }
  }
}

/** What takes columns, not rows, can also ask for what became of a row. */
function isRecord({ operation: { kind } }: Node, path: string): boolean {
  return (kind === 'write' || kind === 'select') && (RECORD_COLUMNS as readonly string[]).includes(path)
}
