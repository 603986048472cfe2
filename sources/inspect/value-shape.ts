import { type Field, leafPaths, type Struct } from '../../pipeline/batch/schema.ts'
import { traceSchema } from '../../transforms/trace-schema.ts'
import type { FileColumn, FoundField } from './inspection.ts'

/** Elements of a list that show what the others look like. */
const SAMPLED_ELEMENTS = 100
/** Names that nothing reads; objects may have one of its own in every row. */
const MAX_UNUSED = 200

/** The order of the schema. */
const PLACES = new Map(leafPaths(traceSchema).map(({ path }, at) => [path, at]))

/** Where values of JSON have the fields of a trace, and what else they hold. */
export class ValueShape {
  readonly #fields = new Map<string, FoundField>()
  readonly #unused = new Map<string, FileColumn>()

  add(row: object): void {
    this.#members(traceSchema, row, { field: '', column: '', lists: 0 })
  }

  columns(): { readonly fields: readonly FoundField[]; readonly unused: readonly FileColumn[] } {
    return {
      fields: [...this.#fields.values()].sort(
        (one, other) => PLACES.get(one.field)! - PLACES.get(other.field)!,
      ),
      unused: [...this.#unused.values()].sort((one, other) => (one.column < other.column ? -1 : 1)),
    }
  }

  #members({ fields }: Struct, value: object, at: Place): void {
    const members = value as Readonly<Record<string, unknown>>
    const read = new Set<string>()
    for (const [name, field] of Object.entries(fields)) {
      // As rows are read: by the first of its names that is not null.
      const names = [name, ...(field.aliases ?? [])]
      const found = names.find((one) => Object.hasOwn(members, one) && members[one] !== null)
      read.add(found ?? name)
      if (found !== undefined) this.#value(field, members[found], below(at, name, found))
    }
    for (const [name, member] of Object.entries(members)) {
      if (read.has(name) || member === null) continue
      const { column } = below(at, name, name)
      if (!this.#unused.has(column) && this.#unused.size < MAX_UNUSED)
        this.#unused.set(column, { column, type: typeOf(member, at.lists), bytes: null })
    }
  }

  #value(field: Field, value: unknown, at: Place): void {
    if (field.kind === 'list') {
      if (Array.isArray(value))
        for (const element of value.slice(0, SAMPLED_ELEMENTS))
          if (element !== null) this.#value(field.element, element, { ...at, lists: at.lists + 1 })
    } else if (field.kind === 'struct') {
      if (typeof value === 'object') this.#members(field, value!, at)
    } else if (!this.#fields.has(at.field))
      this.#fields.set(at.field, {
        field: at.field,
        column: at.column,
        type: typeOf(value, at.lists),
        bytes: null,
      })
  }
}

interface Place {
  readonly field: string
  readonly column: string
  /** around it */
  readonly lists: number
}

function below({ field, column, lists }: Place, name: string, found: string): Place {
  return { field: field ? `${field}.${name}` : name, column: column ? `${column}.${found}` : found, lists }
}

function typeOf(value: unknown, lists: number): string {
  const inner = Array.isArray(value) ? 'list' : typeof value
  return `${inner}${'[]'.repeat(lists)}`
}
