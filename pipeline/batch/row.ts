import type { RowBatch } from './batch.ts'
import type { Field, Leaf, Struct } from './schema.ts'

/**
 * What rows of a stage look like: the projected schema and the names that steps add beside it. A step that adds
 * a name the schema has redefines that member for the steps after it.
 */
export interface RowLayout {
  readonly schema: Struct
  readonly added: readonly string[]
  /** dotted paths of what the source has besides and nobody declared to read; reading one says so */
  readonly unread?: readonly string[]
}

/** Members that every row has of its own. */
export const ROW_MEMBERS: readonly string[] = ['toObject', 'toJSON']

export type RowClass = new (batch: RowBatch, slot: number) => object

/** A row was read after its batch was released. Copy what you keep with `toObject()`. */
export class StaleRowError extends Error {
  readonly code = 'ROW_STALE'
  override readonly name = 'StaleRowError'

  constructor() {
    super('row read after its batch was released: copy what you keep with toObject()')
  }
}

/** A row was asked for what nobody said they read, so it was not decoded. */
export class UndeclaredReadError extends Error {
  readonly code = 'ROW_NOT_READ'
  override readonly name = 'UndeclaredReadError'

  constructor(path: string) {
    super(`'${path}' was not read: declare it in the step's reads`)
  }
}

/**
 * A lazily read struct: its batch, and the slot of its leaves. Both are private, and the members are getters of the
 * class: a spread or a structured clone of a row copies nothing. `toObject()` copies.
 */
class View {
  readonly #batch: RowBatch
  readonly #slot: number
  /** decoded members, by position: a member that no step redefines is decoded at most once */
  readonly #decoded: unknown[] = []

  constructor(batch: RowBatch, slot: number) {
    this.#batch = batch
    this.#slot = slot
  }

  /** The getter of a member that stays as it was read; `at` is its position. */
  static decoding(read: Read, at: number): (this: View) => unknown {
    return function () {
      if (!this.#batch.live) throw new StaleRowError()
      let value = this.#decoded[at]
      if (value === undefined) this.#decoded[at] = value = read(this.#batch, this.#slot)
      return value
    }
  }

  /** The getter of a member that may change from step to step. */
  static reading(read: Read): (this: View) => unknown {
    return function () {
      if (!this.#batch.live) throw new StaleRowError()
      return read(this.#batch, this.#slot)
    }
  }

  /** A plain copy that outlives the batch. */
  static copying(copy: Copy): (this: View) => Record<string, unknown> {
    return function () {
      if (!this.#batch.live) throw new StaleRowError()
      return copy(this.#batch, this.#slot)
    }
  }

  /** Where a row lies. */
  static placeOf(view: View): RowPlace {
    return { batch: view.#batch, slot: view.#slot }
  }

  declare toObject: () => Record<string, unknown>

  toJSON(): Record<string, unknown> {
    return this.toObject()
  }
}

/** A row of a batch, for code that works on the bytes of its columns. */
export interface RowPlace {
  readonly batch: RowBatch
  readonly slot: number
}

/**
 * Where a row lies whose `member` is as the source has it. Null for a plain object, and where a step gave the row
 * another: then only the value itself tells.
 */
export function placeOf(row: object, member: string): RowPlace | null {
  if (!(row instanceof View)) return null
  const place = View.placeOf(row)
  return place.batch.added(place.slot, member) === undefined ? place : null
}

type Read = (batch: RowBatch, slot: number) => unknown
type Copy = (batch: RowBatch, slot: number) => Record<string, unknown>

const classes = new WeakMap<RowLayout, RowClass>()

/**
 * The class of a layout's rows: a getter a member, each decoding on first use. Lists are real arrays, made when
 * they are read. Every getter throws StaleRowError once the batch is released.
 */
export function rowClass(layout: RowLayout): RowClass {
  let made = classes.get(layout)
  if (!made) {
    const unread = new Set(layout.unread)
    made = viewClass({ path: '', fields: membersOf(layout.schema, '', unread), added: layout.added, unread })
    classes.set(layout, made)
  }
  return made
}

interface Shape {
  /** dotted path of the struct; empty for the row */
  readonly path: string
  readonly fields: ReadonlyMap<string, Member>
  readonly added: readonly string[]
  readonly unread: ReadonlySet<string>
}

function viewClass({ path, fields, added, unread }: Shape): RowClass {
  const members = new Map(fields)
  for (const name of added) {
    const original = fields.get(name)
    const read: Read = (batch, slot) => {
      const value = batch.added(slot, name)
      return value === undefined ? (original?.read(batch, slot) ?? null) : value
    }
    members.set(name, { read, copy: (batch, slot) => plainCopy(read(batch, slot)) })
  }

  class RowView extends View {}
  Object.defineProperty(RowView.prototype, 'toObject', { value: View.copying(copyOf(members)) })
  let position = 0
  for (const [name, { read }] of members) {
    const get = added.includes(name) ? View.reading(read) : View.decoding(read, position++)
    Object.defineProperty(RowView.prototype, name, { enumerable: true, get })
  }
  for (const full of unread) {
    const name = full.slice(path === '' ? 0 : path.length + 1)
    if (join(path, name) !== full || name.includes('.') || name in RowView.prototype) continue
    const get = (): never => {
      throw new UndeclaredReadError(full)
    }
    Object.defineProperty(RowView.prototype, name, { get })
  }
  return RowView as unknown as RowClass
}

/**
 * A value that outlives the batches its rows are read from: rows become plain objects, wherever in arrays, plain
 * objects, maps and sets they are. Anything else is passed on as it is.
 */
export function plainCopy(value: unknown, copies = new Map<unknown, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof View) return value.toObject()
  const fresh = shellOf(value)
  if (fresh === null) return value
  // A value may hold itself.
  const known = copies.get(value)
  if (known !== undefined) return known
  copies.set(value, fresh)
  const copy = (inner: unknown) => plainCopy(inner, copies)
  if (fresh instanceof Map)
    for (const [key, inner] of value as Map<unknown, unknown>) fresh.set(copy(key), copy(inner))
  else if (fresh instanceof Set) for (const inner of value as Set<unknown>) fresh.add(copy(inner))
  else if (Array.isArray(fresh)) for (const inner of value as unknown[]) fresh.push(copy(inner))
  else for (const [name, inner] of Object.entries(value)) fresh[name] = copy(inner)
  return fresh
}

type Container = unknown[] | Map<unknown, unknown> | Set<unknown> | Record<string, unknown>

/** A container of the same kind, to be filled; null for what is none. */
function shellOf(value: object): Container | null {
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  if (value instanceof Set) return new Set()
  const prototype = Object.getPrototypeOf(value)
  if (prototype === null) return Object.assign(Object.create(null), value)
  // A spread makes a member of '__proto__', where an assignment would set the prototype.
  return prototype === Object.prototype ? { ...value } : null
}

/** The two ways to take a member out of a batch: as it shows in a row, and as plain data. */
interface Member {
  readonly read: Read
  readonly copy: Read
}

function membersOf(
  { fields }: Struct,
  path: string,
  unread: ReadonlySet<string>,
): ReadonlyMap<string, Member> {
  return new Map(
    Object.entries(fields).map(([name, field]) => [name, member(field, join(path, name), unread)]),
  )
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name
}

function member(field: Field, path: string, unread: ReadonlySet<string>): Member {
  switch (field.kind) {
    case 'struct': {
      const fields = membersOf(field, path, unread)
      const nested = viewClass({ path, fields, added: [], unread })
      return { read: (batch, slot) => new nested(batch, slot), copy: copyOf(fields) }
    }
    case 'list': {
      const { read, copy } = member(field.element, path, unread)
      return { read: listReader(path, read), copy: listReader(path, copy) }
    }
    default: {
      const read = leafReader(field, path)
      return { read, copy: read }
    }
  }
}

function copyOf(members: ReadonlyMap<string, Member>): Copy {
  const copies = [...members].map(([name, { copy }]) => [name, copy] as const)
  return (batch, slot) => {
    const object: Record<string, unknown> = {}
    for (const [name, copy] of copies) object[name] = copy(batch, slot)
    return object
  }
}

function leafReader(leaf: Leaf, path: string): Read {
  if (leaf.kind === 'string') return (batch, slot) => batch.decode(batch.text(path), slot)
  const asBoolean = leaf.kind === 'boolean'
  return (batch, slot) => {
    const column = batch.number(path)
    if (column.nulls[slot]) return null
    return asBoolean ? column.values[slot] === 1 : column.values[slot]
  }
}

function listReader(path: string, element: Read): Read {
  return (batch, slot) => {
    const { offsets, nulls } = batch.list(path)
    if (nulls[slot]) return null
    const values: unknown[] = []
    for (let at = offsets[slot]!; at < offsets[slot + 1]!; at++) values.push(element(batch, at))
    return values
  }
}
