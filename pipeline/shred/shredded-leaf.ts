import type { Field, Leaf, Struct } from '../batch/schema.ts'

/** A leaf as records are shredded into it. Every field and every element may be null. */
export interface ShreddedLeaf {
  readonly kind: Leaf['kind']
  /** it holds JSON texts */
  readonly json: boolean
  /** names from the record's members down, with `list` and `element` for lists */
  readonly path: readonly string[]
  /** lists around it */
  readonly maxRepetition: number
  /** the definition level of a value: the fields, lists and elements down to it that could be null or empty */
  readonly maxDefinition: number
}

/** The leaves of a schema, in its order. A list is an optional group around a repeated one around its elements. */
export function shreddedLeaves(schema: Struct): ShreddedLeaf[] {
  const leaves: ShreddedLeaf[] = []
  const visit = (
    field: Field,
    path: readonly string[],
    maxRepetition: number,
    maxDefinition: number,
  ): void => {
    switch (field.kind) {
      case 'struct':
        for (const [name, child] of Object.entries(field.fields))
          visit(child, [...path, name], maxRepetition, maxDefinition + 1)
        return
      case 'list':
        visit(field.element, [...path, 'list', 'element'], maxRepetition + 1, maxDefinition + 2)
        return
      default:
        leaves.push({ kind: field.kind, json: field.json === true, path, maxRepetition, maxDefinition })
    }
  }
  visit(schema, [], 0, 0)
  return leaves
}
