import type { RowBatch } from './batch.ts'
import type { Field, Leaf, Struct } from './schema.ts'

/**
 * What rows of a stage look like: the projected schema and the names that steps add beside it. A step that adds
 * a name the schema has redefines that member for the steps after it.
 */
export interface RowLayout {
  readonly schema: Struct
  readonly added: readonly string[]
}

export type RowClass = new (batch: RowBatch, slot: number) => object

/** A row was read after its batch was released. Copy what you keep with `toObject()`. */
export class StaleRowError extends Error {
  readonly code = 'ROW_STALE'
  override readonly name = 'StaleRowError'

  constructor() {
    super('row read after its batch was released: copy what you keep with toObject()')
  }
}

/** A lazily read struct: its batch, and the slot of its leaves. */
abstract class View {
  protected readonly batch: RowBatch
  protected readonly slot: number
  /** decoded members, by position: a member that no step redefines is decoded at most once */
  protected readonly decoded: unknown[] = []

  constructor(batch: RowBatch, slot: number) {
    this.batch = batch
    this.slot = slot
  }

  /** A plain copy that outlives the batch. */
  abstract toObject(): Record<string, unknown>

  toJSON(): Record<string, unknown> {
    return this.toObject()
  }
}

type Read = (batch: RowBatch, slot: number) => unknown

const classes = new WeakMap<RowLayout, RowClass>()

/**
 * The class of a layout's rows: a getter a member, each decoding on first use. Lists are real arrays, made when
 * they are read. Every getter throws StaleRowError once the batch is released.
 */
export function rowClass(layout: RowLayout): RowClass {
  let made = classes.get(layout)
  if (!made) {
    made = viewClass(membersOf(layout.schema, ''), layout.added)
    classes.set(layout, made)
  }
  return made
}

function viewClass(fields: ReadonlyMap<string, Member>, added: readonly string[]): RowClass {
  const members = new Map(fields)
  for (const name of added) {
    const original = fields.get(name)
    const read: Read = (batch, slot) => {
      const value = batch.added(slot, name)
      return value === undefined ? (original?.read(batch, slot) ?? null) : value
    }
    members.set(name, { read, copy: (batch, slot) => plain(read(batch, slot)) })
  }
  const copy = copyOf(members)

  class RowView extends View {
    toObject(): Record<string, unknown> {
      if (!this.batch.live) throw new StaleRowError()
      return copy(this.batch, this.slot)
    }
  }
  let position = 0
  for (const [name, { read }] of members) {
    const at = position++
    const memoised = !added.includes(name)
    Object.defineProperty(RowView.prototype, name, {
      enumerable: true,
      get(this: RowView) {
        if (!this.batch.live) throw new StaleRowError()
        if (!memoised) return read(this.batch, this.slot)
        let value = this.decoded[at]
        if (value === undefined) this.decoded[at] = value = read(this.batch, this.slot)
        return value
      },
    })
  }
  return RowView as unknown as RowClass
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  return value instanceof View ? value.toObject() : value
}

/** The two ways to take a member out of a batch: as it shows in a row, and as plain data. */
interface Member {
  readonly read: Read
  readonly copy: Read
}

function membersOf({ fields }: Struct, path: string): Map<string, Member> {
  return new Map(
    Object.entries(fields).map(([name, field]) => [name, member(field, path ? `${path}.${name}` : name)]),
  )
}

function member(field: Field, path: string): Member {
  switch (field.kind) {
    case 'struct': {
      const members = membersOf(field, path)
      const nested = viewClass(members, [])
      return { read: (batch, slot) => new nested(batch, slot), copy: copyOf(members) }
    }
    case 'list': {
      const { read, copy } = member(field.element, path)
      return { read: listReader(path, read), copy: listReader(path, copy) }
    }
    default: {
      const read = leafReader(field, path)
      return { read, copy: read }
    }
  }
}

function copyOf(
  members: ReadonlyMap<string, Member>,
): (batch: RowBatch, slot: number) => Record<string, unknown> {
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
