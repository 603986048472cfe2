/**
 * The shape of rows, as plain data that crosses threads. A source resolves it against each file the way Avro
 * resolves a reader's schema: fields are matched by name or alias, in any order, and what a file lacks is null.
 */
export type Field = Leaf | Struct | List

export interface Leaf {
  readonly kind: 'string' | 'number' | 'boolean'
  readonly aliases?: readonly string[]
  /** a string that holds a JSON text: where rows are JSON, the value itself may stand in its place */
  readonly json?: true
  /** texts so large that filters on other leaves should spare the reading of them */
  readonly bulky?: boolean
}

export interface Struct {
  readonly kind: 'struct'
  readonly fields: Readonly<Record<string, Field>>
  readonly aliases?: readonly string[]
}

export interface List {
  readonly kind: 'list'
  readonly element: Field
  readonly aliases?: readonly string[]
}

interface Named {
  /** other names the field has in older files */
  aliases?: readonly string[]
}

export const string = (options: Named & { bulky?: boolean; json?: true } = {}): Leaf => ({
  kind: 'string',
  ...options,
})
export const number = (options: Named = {}): Leaf => ({ kind: 'number', ...options })
export const boolean = (options: Named = {}): Leaf => ({ kind: 'boolean', ...options })
export const struct = (fields: Record<string, Field>, options: Named = {}): Struct => ({
  kind: 'struct',
  fields,
  ...options,
})
export const list = (element: Field, options: Named = {}): List => ({ kind: 'list', element, ...options })

/** A leaf of a schema with the dotted path that names it: `messages.tool_calls.function.name`. Lists add no part. */
export interface LeafPath {
  readonly path: string
  readonly leaf: Leaf
  /** dotted paths of the lists around it, outermost first */
  readonly lists: readonly string[]
}

/** Every leaf of a schema, in the schema's order. */
export function leafPaths(schema: Struct): LeafPath[] {
  const found: LeafPath[] = []
  const visit = (field: Field, path: string, lists: readonly string[]): void => {
    switch (field.kind) {
      case 'struct':
        for (const [name, child] of Object.entries(field.fields))
          visit(child, path ? `${path}.${name}` : name, lists)
        return
      case 'list':
        visit(field.element, path, [...lists, path])
        return
      default:
        found.push({ path, leaf: field, lists })
    }
  }
  visit(schema, '', [])
  return found
}

/**
 * The part of a schema that the given paths need. A path names a leaf or a whole subtree (`metadata`, `messages`).
 * Order is the schema's.
 */
export function project(schema: Struct, paths: Iterable<string>): Struct {
  const wanted = [...paths]
  const keep = (field: Field, path: string): Field | undefined => {
    if (wanted.some((want) => path === want || path.startsWith(`${want}.`))) return field
    if (path && !wanted.some((want) => want.startsWith(`${path}.`))) return undefined
    if (field.kind === 'struct') {
      const fields: Record<string, Field> = {}
      for (const [name, child] of Object.entries(field.fields)) {
        const kept = keep(child, path ? `${path}.${name}` : name)
        if (kept) fields[name] = kept
      }
      return Object.keys(fields).length > 0 ? { ...field, fields } : undefined
    }
    if (field.kind === 'list') {
      const element = keep(field.element, path)
      return element ? { ...field, element } : undefined
    }
    return undefined
  }
  return (keep(schema, '') as Struct | undefined) ?? struct({})
}
