import { traceSchema } from '../../transforms/trace-schema.ts'
import type { FileMetadata } from '../parquet/file-metadata.ts'
import { elementOf, type ResolvedLeaf, resolveSchema } from '../parquet/schema-resolution.ts'
import type { GroupNode, PrimitiveNode, SchemaNode } from '../parquet/schema-tree.ts'
import type { FileColumn, FoundField, ShapeColumns } from './inspection.ts'
import { missingFields } from './missing-fields.ts'

/** Where a Parquet file has the fields of a trace, by its footer. */
export function parquetShape({ schema, rowGroups }: FileMetadata): ShapeColumns {
  const { leaves, mismatches } = resolveSchema(schema, traceSchema)
  const bytesOf = ({ column }: PrimitiveNode): number =>
    rowGroups.reduce((sum, { chunks }) => sum + chunks[column]!.end - chunks[column]!.start, 0)
  const fields = leaves.flatMap(({ path, kind, column }): FoundField[] =>
    kind === null
      ? []
      : [
          {
            field: path,
            column: columnName(schema, column),
            type: typeOf(column),
            bytes: bytesOf(column),
          },
        ],
  )
  return {
    format: 'parquet',
    fields,
    missing: missingFields([...fields, ...mismatches.map(({ path }) => ({ field: path }))]),
    mismatches: mismatches.map(({ path, message }) => ({ field: path, message })),
    unused: unusedColumns(schema, leaves, bytesOf),
  }
}

/** The highest nodes below which nothing is read. */
function unusedColumns(
  root: GroupNode,
  leaves: readonly ResolvedLeaf[],
  bytesOf: (column: PrimitiveNode) => number,
): FileColumn[] {
  const used = new Set(leaves.map(({ column }) => column.column))
  const unused: FileColumn[] = []
  const visit = (node: SchemaNode): void => {
    const columns = columnsBelow(node)
    if (columns.some(({ column }) => used.has(column))) {
      if (node.kind === 'group') for (const child of node.children) visit(child)
    } else if (columns.length > 0) {
      const bytes = columns.reduce((sum, column) => sum + bytesOf(column), 0)
      unused.push({ column: columnName(root, node), type: typeOf(node), bytes })
    }
  }
  for (const child of root.children) visit(child)
  return unused
}

function columnsBelow(node: SchemaNode): PrimitiveNode[] {
  return node.kind === 'primitive' ? [node] : node.children.flatMap(columnsBelow)
}

/** The names down to a node, without the groups that Parquet makes a list of. */
function columnName(root: GroupNode, node: SchemaNode): string {
  const names: string[] = []
  let at: SchemaNode = root
  while (at.kind === 'group' && at.path.length < node.path.length) {
    const next: string = node.path[at.path.length]!
    const child: SchemaNode | undefined = at.children.find(({ name }) => name === next)
    // Of two of one name, this was the other.
    if (!child) return node.path.join('.')
    const element: SchemaNode | undefined = at === root ? undefined : elementOf(at)
    if (element === undefined || element === at) {
      names.push(child.name)
      at = child
    } else at = element.path.length <= node.path.length ? element : child
  }
  return names.join('.')
}

/** `string`, `int64[]`: what a value is, and the lists around it. */
function typeOf(node: SchemaNode): string {
  const element = node.kind === 'group' ? elementOf(node) : undefined
  const inner = element && element !== node ? element : node
  return `${nameOf(inner)}${'[]'.repeat(inner.maxRepetition)}`
}

function nameOf(node: SchemaNode): string {
  if (node.kind === 'group') return 'struct'
  if (node.meaning !== null) return node.meaning.toLowerCase()
  const name = node.type === 'BYTE_ARRAY' ? 'string' : node.type.toLowerCase()
  return node.unsigned ? `u${name}` : name
}
