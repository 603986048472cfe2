import type { ListColumn, NumberColumn, TextColumn } from '../../pipeline/batch/columns.ts'
import type { Field, Leaf, List, Struct } from '../../pipeline/batch/schema.ts'
import type { TextArena } from '../../pipeline/batch/text-arena.ts'
import { plainNumber } from './exact-json.ts'

/** A value is not what the schema says. `field` is its path in the row: `messages[3].role`. */
export class FieldError extends Error {
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** Thrown when a row has to be parsed by `parseExactly`, because a value in it will be written as JSON again. */
export class ExactnessNeeded extends Error {}

/** The columns that values are written to, by dotted path. */
export interface WrittenColumns {
  readonly texts: Map<string, TextColumn>
  readonly numbers: Map<string, NumberColumn>
  readonly lists: Map<string, ListColumn>
}

/** Takes parsed values of one field, a slot at a time, into columns. Throws FieldError. */
export interface FieldWriter {
  /** `exact`: the value comes from `parseExactly` */
  write(value: unknown, exact: boolean): void
  /** Forgets what was written since the slot began that `keep` marked last. */
  undo(): void
  keep(): void
  finish(columns: WrittenColumns): void
}

export function fieldWriter(field: Field, path: string, arena: TextArena): FieldWriter {
  switch (field.kind) {
    case 'struct':
      return new StructWriter(field, path, arena)
    case 'list':
      return new ListWriter(field, path, arena)
    case 'string':
      return new TextWriter(field, path, arena)
    default:
      return new NumberWriter(field, path)
  }
}

class StructWriter implements FieldWriter {
  readonly #members: readonly { readonly names: readonly string[]; readonly writer: FieldWriter }[]

  constructor({ fields }: Struct, path: string, arena: TextArena) {
    this.#members = Object.entries(fields).map(([name, field]) => ({
      names: [name, ...(field.aliases ?? [])],
      writer: fieldWriter(field, path ? `${path}.${name}` : name, arena),
    }))
  }

  write(value: unknown, exact: boolean): void {
    const members = asObject(value)
    for (const { names, writer } of this.#members) {
      // Rows of several revisions put together have all names, and null under those of the others.
      const name = names.find((candidate) => Object.hasOwn(members, candidate) && members[candidate] !== null)
      within(name ?? names[0]!, () => writer.write(name === undefined ? null : members[name], exact))
    }
  }

  undo(): void {
    for (const { writer } of this.#members) writer.undo()
  }

  keep(): void {
    for (const { writer } of this.#members) writer.keep()
  }

  finish(columns: WrittenColumns): void {
    for (const { writer } of this.#members) writer.finish(columns)
  }
}

class ListWriter implements FieldWriter {
  readonly #path: string
  readonly #element: FieldWriter
  readonly #offsets: number[] = [0]
  readonly #nulls: number[] = []
  #elements = 0
  #kept = { lists: 0, elements: 0 }

  constructor({ element }: List, path: string, arena: TextArena) {
    this.#path = path
    this.#element = fieldWriter(element, path, arena)
  }

  write(value: unknown, exact: boolean): void {
    if (value !== null && !Array.isArray(value))
      throw new FieldError('', `a list is expected, found ${kindOf(value)}`)
    value?.forEach((element: unknown, at: number) => {
      within(`[${at}]`, () => this.#element.write(element, exact))
      this.#elements++
    })
    this.#offsets.push(this.#elements)
    this.#nulls.push(value === null ? 1 : 0)
  }

  undo(): void {
    this.#offsets.length = this.#kept.lists + 1
    this.#nulls.length = this.#kept.lists
    this.#elements = this.#kept.elements
    this.#element.undo()
  }

  keep(): void {
    this.#kept = { lists: this.#nulls.length, elements: this.#elements }
    this.#element.keep()
  }

  finish(columns: WrittenColumns): void {
    const offsets = Int32Array.from(this.#offsets)
    columns.lists.set(this.#path, {
      offsets,
      nulls: Uint8Array.from(this.#nulls),
      length: this.#nulls.length,
    })
    this.#element.finish(columns)
  }
}

class TextWriter implements FieldWriter {
  readonly #path: string
  readonly #json: boolean
  readonly #arena: TextArena
  readonly #column: TextColumn = { refs: new Uint32Array(128), length: 0 }
  #kept = 0

  constructor({ json }: Leaf, path: string, arena: TextArena) {
    this.#path = path
    this.#json = json === true
    this.#arena = arena
  }

  write(value: unknown, exact: boolean): void {
    const column = this.#column
    const slot = column.length
    if (column.refs.length < 2 * slot + 2) {
      const refs = new Uint32Array(2 * column.refs.length)
      refs.set(column.refs)
      column.refs = refs
    }
    if (value === null) column.refs[2 * slot] = column.refs[2 * slot + 1] = 0
    else this.#arena.write(column, slot, this.#text(value, exact))
    column.length++
  }

  #text(value: unknown, exact: boolean): string {
    if (typeof value === 'string') return value
    if (!this.#json || typeof value !== 'object')
      throw new FieldError('', `a string is expected, found ${kindOf(value)}`)
    if (!exact) throw new ExactnessNeeded()
    return JSON.stringify(value)
  }

  undo(): void {
    this.#column.length = this.#kept
  }

  keep(): void {
    this.#kept = this.#column.length
  }

  finish({ texts }: WrittenColumns): void {
    texts.set(this.#path, this.#column)
  }
}

class NumberWriter implements FieldWriter {
  readonly #path: string
  readonly #boolean: boolean
  readonly #values: number[] = []
  readonly #nulls: number[] = []
  #kept = 0

  constructor({ kind }: Leaf, path: string) {
    this.#path = path
    this.#boolean = kind === 'boolean'
  }

  write(value: unknown): void {
    this.#nulls.push(value === null ? 1 : 0)
    this.#values.push(value === null ? 0 : this.#number(plainNumber(value)))
  }

  #number(value: unknown): number {
    if (typeof value === 'boolean') return value ? 1 : 0
    if (this.#boolean || typeof value !== 'number')
      throw new FieldError(
        '',
        `a ${this.#boolean ? 'boolean' : 'number'} is expected, found ${kindOf(value)}`,
      )
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
      throw new FieldError('', `${value} is too large for a number`)
    return value
  }

  undo(): void {
    this.#values.length = this.#nulls.length = this.#kept
  }

  keep(): void {
    this.#kept = this.#nulls.length
  }

  finish({ numbers }: WrittenColumns): void {
    numbers.set(this.#path, {
      values: Float64Array.from(this.#values),
      nulls: Uint8Array.from(this.#nulls),
      length: this.#nulls.length,
      boolean: this.#boolean,
    })
  }
}

const NOTHING: Readonly<Record<string, unknown>> = {}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null) return NOTHING
  if (typeof value !== 'object' || Array.isArray(value))
    throw new FieldError('', `an object is expected, found ${kindOf(value)}`)
  return value as Record<string, unknown>
}

/** Puts the step into a value's path before an error that comes from there. */
function within(step: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    const joint = error.field === '' || error.field.startsWith('[') ? '' : '.'
    throw new FieldError(`${step}${joint}${error.field}`, error.message)
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
