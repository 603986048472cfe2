import type { SchemaElement } from 'hyparquet'
import type { Field, Struct } from '../../pipeline/batch/schema.ts'

/**
 * A schema as a Parquet footer lists it, depth first. All fields are optional, lists are of the three levels that the
 * format prescribes (LogicalTypes.md), numbers are 64-bit integers.
 */
export function schemaElements({ fields }: Struct): SchemaElement[] {
  const children = Object.entries(fields)
  return [
    { name: 'schema', num_children: children.length },
    ...children.flatMap(([name, field]) => elementsOf(name, field)),
  ]
}

function elementsOf(name: string, field: Field): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (field.kind) {
    case 'struct': {
      const children = Object.entries(field.fields)
      return [
        { ...optional, num_children: children.length },
        ...children.flatMap(([child, inner]) => elementsOf(child, inner)),
      ]
    }
    case 'list':
      return [
        { ...optional, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', field.element),
      ]
    case 'string':
      return [
        field.json
          ? { ...optional, type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } }
          : { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
      ]
    case 'number':
      return [{ ...optional, type: 'INT64' }]
    case 'boolean':
      return [{ ...optional, type: 'BOOLEAN' }]
  }
}
