import type { SchemaElement } from 'hyparquet'

export type PhysicalType = NonNullable<SchemaElement['type']>

interface NodeBase {
  readonly name: string
  /** names from the root's children down to here */
  readonly path: readonly string[]
  readonly repetition: 'required' | 'optional' | 'repeated'
  /** optional and repeated nodes from the root to here, this one included */
  readonly maxDefinition: number
  /** repeated nodes from the root to here, this one included */
  readonly maxRepetition: number
  /** for each repeated node from the root to here, the definition level from which it has an element */
  readonly elementLevels: readonly number[]
}

export interface GroupNode extends NodeBase {
  readonly kind: 'group'
  readonly children: readonly SchemaNode[]
  /** annotated as a list */
  readonly list: boolean
}

export interface PrimitiveNode extends NodeBase {
  readonly kind: 'primitive'
  readonly type: PhysicalType
  readonly unsigned: boolean
  /** what the bytes mean where they are not what their type says: DECIMAL, DATE, … or NULL: nothing */
  readonly meaning: string | null
  /** position among the file's columns */
  readonly column: number
}

export type SchemaNode = GroupNode | PrimitiveNode

/** A level is kept in a byte. */
const MAX_LEVEL = 255

/** The tree of a footer's flat schema, and its leaves. Throws Error when the elements make no tree. */
export function schemaTree(elements: readonly SchemaElement[]): {
  root: GroupNode
  columns: PrimitiveNode[]
} {
  const columns: PrimitiveNode[] = []
  let next = 0

  const visit = (parent: NodeBase | null): SchemaNode => {
    const element = elements[next++]
    if (!element) throw new Error('the schema declares more fields than it has')
    const name = element.name ?? ''
    const repetition = parent === null ? 'required' : repetitionOf(element)
    const maxDefinition = (parent?.maxDefinition ?? 0) + (repetition === 'required' ? 0 : 1)
    const above = parent?.elementLevels ?? []
    const elementLevels = repetition === 'repeated' ? [...above, maxDefinition] : above
    const base = {
      name,
      path: parent === null ? [] : [...parent.path, name],
      repetition,
      maxDefinition,
      maxRepetition: elementLevels.length,
      elementLevels,
    } as const
    if (base.maxDefinition > MAX_LEVEL)
      throw new Error(`the schema is nested deeper than ${MAX_LEVEL} levels`)
    if (element.type !== undefined && !element.num_children) {
      const node: PrimitiveNode = {
        ...base,
        kind: 'primitive',
        type: element.type,
        unsigned: isUnsigned(element),
        meaning: meaningOf(element),
        column: columns.length,
      }
      columns.push(node)
      return node
    }
    const children: SchemaNode[] = []
    const list = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST'
    const node: GroupNode = { ...base, kind: 'group', children, list }
    for (let left = element.num_children ?? 0; left > 0; left--) children.push(visit(node))
    return node
  }

  const root = visit(null)
  if (root.kind !== 'group' || next !== elements.length) throw new Error('the schema is not one tree')
  return { root, columns }
}

function repetitionOf(element: SchemaElement): NodeBase['repetition'] {
  switch (element.repetition_type) {
    case 'REQUIRED':
      return 'required'
    case 'OPTIONAL':
      return 'optional'
    case 'REPEATED':
      return 'repeated'
    default:
      throw new Error(`field ${element.name} has no repetition`)
  }
}

function isUnsigned({ converted_type, logical_type }: SchemaElement): boolean {
  return (
    converted_type?.startsWith('UINT_') === true ||
    (logical_type?.type === 'INTEGER' && !logical_type.isSigned)
  )
}

const MEANINGS = ['DECIMAL', 'FLOAT16', 'DATE', 'TIMESTAMP', 'TIME', 'NULL']

function meaningOf({ converted_type, logical_type }: SchemaElement): string | null {
  const names = [logical_type?.type, converted_type]
  // Converted types have their unit in their name: TIME_MILLIS.
  return MEANINGS.find((meaning) => names.some((name) => name?.split('_')[0] === meaning)) ?? null
}
