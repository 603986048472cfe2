import type { Field, Leaf, List, Struct } from '../../pipeline/batch/schema.ts'
import type { GroupNode, PrimitiveNode, SchemaNode } from './schema-tree.ts'

/** A list on the way to a leaf, in terms of the leaf's levels. */
interface ListLevels {
  /** dotted path of the list in the reader's schema */
  readonly path: string
  /** definition level from which the list is there, though maybe empty */
  readonly present: number
  /** definition level from which it has an element */
  readonly element: number
}

/** A leaf of the reader's schema in a column of the file. */
export interface ResolvedLeaf {
  /** dotted path in the reader's schema; of the list, for a column that is read for its lists only */
  readonly path: string
  /** null for a column that is read for its lists only: none of the wanted leaves in them is in the file */
  readonly kind: Leaf['kind'] | null
  readonly column: PrimitiveNode
  /** outermost first */
  readonly lists: readonly ListLevels[]
}

export interface Mismatch {
  readonly path: string
  readonly message: string
}

export interface Resolution {
  readonly leaves: readonly ResolvedLeaf[]
  /** fields that the file has in a form that can't be read as what is wanted */
  readonly mismatches: readonly Mismatch[]
}

/**
 * Finds the leaves of the reader's schema in a file, as Avro resolves schemas: fields are matched by name or
 * alias at the same level of nesting, in any order; what the file lacks is left out and reads as null. Lists are
 * found in all the forms that writers have used (parquet-format, LogicalTypes.md, backward-compatibility rules).
 * A boolean can be read as the number 0 or 1; other types must agree. A field of the type null, which writers
 * give to what is null in every row, is like one that the file lacks.
 */
export function resolveSchema(file: GroupNode, schema: Struct): Resolution {
  const leaves: ResolvedLeaf[] = []
  const mismatches: Mismatch[] = []

  const mismatch = (path: string, wanted: string, node: SchemaNode): void => {
    mismatches.push({ path, message: `a ${wanted} is expected, the file has ${describe(node)}` })
  }

  const visit = (field: Field, node: SchemaNode, path: string, lists: readonly ListLevels[]): void => {
    if (field.kind === 'struct') {
      if (node.kind === 'group' && !node.list) visitMembers(field, node, path, lists)
      else mismatch(path, 'struct', node)
    } else if (field.kind === 'list' || node.kind !== 'primitive' || !fits(field.kind, node)) {
      mismatch(path, field.kind, node)
    } else {
      leaves.push({ path, kind: field.kind, column: node, lists })
    }
  }

  const visitMembers = (field: Struct, node: GroupNode, path: string, lists: readonly ListLevels[]): void => {
    for (const [name, member] of Object.entries(field.fields)) {
      const found = findField(node, name, member.aliases)
      if (!found) continue
      const memberPath = path ? `${path}.${name}` : name
      if (member.kind === 'list') visitList(member, found, memberPath, lists)
      else if (found.repetition === 'repeated') mismatch(memberPath, member.kind, found)
      else visit(member, found, memberPath, lists)
    }
  }

  const visitList = (field: List, node: SchemaNode, path: string, around: readonly ListLevels[]): void => {
    const element = elementOf(node)
    if (!element) {
      mismatch(path, 'list', node)
      return
    }
    const repeated = element.repetition === 'repeated' ? element : (node as GroupNode).children[0]!
    const levels = { path, present: repeated.maxDefinition - 1, element: repeated.maxDefinition }
    const lists = [...around, levels]
    const before = leaves.length
    if (!isNothing(element)) visit(field.element, element, path, lists)
    if (leaves.length > before) return
    const column = shallowestColumn(element)
    if (column) leaves.push({ path, kind: null, column, lists })
  }

  visit(schema, file, '', [])
  return { leaves, mismatches }
}

/** The child that has the name or, failing that, the first alias that any child has; null types aside. */
function findField(
  { children }: GroupNode,
  name: string,
  aliases: readonly string[] = [],
): SchemaNode | undefined {
  for (const candidate of [name, ...aliases]) {
    const found = children.find((child) => child.name === candidate && !isNothing(child))
    if (found) return found
  }
  return undefined
}

const isNothing = (node: SchemaNode): boolean => node.kind === 'primitive' && node.meaning === 'NULL'

/** The node of a list's elements; undefined for what is no list. */
export function elementOf(node: SchemaNode): SchemaNode | undefined {
  if (node.repetition === 'repeated') return node
  if (node.kind !== 'group' || node.children.length !== 1) return undefined
  const repeated = node.children[0]!
  if (repeated.repetition !== 'repeated') return undefined
  if (repeated.kind === 'primitive' || repeated.children.length !== 1) return repeated
  if (repeated.name === 'array' || repeated.name === `${node.name}_tuple`) return repeated
  const only = repeated.children[0]!
  return only.repetition === 'repeated' ? repeated : only
}

function fits(kind: Leaf['kind'], { type, meaning }: PrimitiveNode): boolean {
  if (meaning !== null) return false
  switch (kind) {
    case 'string':
      return type === 'BYTE_ARRAY'
    case 'boolean':
      return type === 'BOOLEAN'
    case 'number':
      return (
        type === 'INT32' || type === 'INT64' || type === 'FLOAT' || type === 'DOUBLE' || type === 'BOOLEAN'
      )
  }
}

function shallowestColumn(node: SchemaNode): PrimitiveNode | undefined {
  if (node.kind === 'primitive') return node
  let best: PrimitiveNode | undefined
  for (const child of node.children) {
    const column = shallowestColumn(child)
    if (column && (!best || column.maxRepetition < best.maxRepetition)) best = column
  }
  return best
}

function describe(node: SchemaNode): string {
  if (node.repetition === 'repeated' || (node.kind === 'group' && elementOf(node))) return 'a list'
  return node.kind === 'group' ? 'a struct' : (node.meaning ?? node.type)
}
