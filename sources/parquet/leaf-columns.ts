import type { ListColumn, NumberColumn, TextColumn } from '../../pipeline/batch/columns.ts'
import type { Page } from './page.ts'
import type { ResolvedLeaf } from './schema-resolution.ts'
import type { SharedBlock } from './shared-block.ts'

/** Rows of a row group, and which of them are to be read. */
export interface RowRange {
  readonly from: number
  readonly to: number
  /** a flag a row; the others read as null */
  readonly wanted: Uint8Array
  /** lists that rows were already given by other leaves: rows that are not wanted keep to them */
  readonly shape: ReadonlyMap<string, ListColumn>
}

const MIN_SLOTS = 64

/**
 * Turns the entries of one leaf's pages into columns for a range of rows: the leaf's slots, and the lists around
 * them. Every row of the range has its place in each column, wanted or not, so that all leaves of a list agree.
 */
export class LeafColumns {
  readonly leaf: ResolvedLeaf
  /** what the slots of a text leaf point into */
  readonly storages = new Set<SharedBlock>()
  /** by row of the range, what is wrong with a value of it */
  readonly faults = new Map<number, string>()
  readonly #range: RowRange
  readonly #depth: number
  #refs: Uint32Array
  #values: Float64Array
  #nulls: Uint8Array
  /** elements so far, for each list; rows so far for the slots of a leaf outside of lists */
  readonly #counts: number[]
  #rows = 0
  readonly #offsets: Int32Array[]
  readonly #listNulls: Uint8Array[]

  /** `expected` is a guess at the number of slots. */
  constructor(leaf: ResolvedLeaf, range: RowRange, expected: number) {
    this.leaf = leaf
    this.#range = range
    this.#depth = leaf.lists.length
    const capacity = Math.max(expected, range.to - range.from, MIN_SLOTS)
    this.#refs = new Uint32Array(leaf.kind === 'string' ? 2 * capacity : 0)
    this.#values = new Float64Array(leaf.kind === 'string' || leaf.kind === null ? 0 : capacity)
    this.#nulls = new Uint8Array(capacity)
    this.#counts = leaf.lists.map(() => 0)
    this.#offsets = leaf.lists.map(() => new Int32Array(capacity + 1))
    this.#listNulls = leaf.lists.map(() => new Uint8Array(capacity))
  }

  get slots(): number {
    return this.#depth === 0 ? this.#rows : this.#counts[this.#depth - 1]!
  }

  /** The row of the row group that comes next. */
  get nextRow(): number {
    return this.#range.from + this.#rows
  }

  /** Gives the next row, which is not read, its place: null, or as its lists have it already. */
  pad(): void {
    const row = this.#startRow()
    let first = row
    let count = 1
    for (let list = 0; list < this.#depth; list++) {
      const shape = this.#range.shape.get(this.leaf.lists[list]!.path)
      const before = this.#counts[list]!
      for (let parent = first; parent < first + count; parent++) {
        this.#startList(list, parent, shape ? shape.nulls[parent]! : 1)
        if (shape) this.#counts[list]! += shape.offsets[parent + 1]! - shape.offsets[parent]!
      }
      first = before
      count = this.#counts[list]! - before
    }
    this.#reserve(first + count)
    for (let slot = first; slot < first + count; slot++) this.#nulls[slot] = 1
  }

  /** Takes the entries of a decoded page that belong to rows of the range. */
  append(page: Page): void {
    const { levels, values } = page.decoded!
    const { repetition, definition } = levels
    const { from, to, wanted } = this.#range
    const { cursor } = page
    const { lists, column, kind } = this.leaf
    const depth = this.#depth
    const max = column.maxDefinition
    const entries = page.header.values
    const texts = values.kind === 'text' && kind !== null ? values.refs : null
    const numbers = values.kind === 'number' && kind !== null ? values.values : null
    const faults = values.kind === 'number' && kind !== null ? values.faults : null
    if (texts && values.kind === 'text') this.storages.add(values.storage)

    let { entry, value, row } = cursor
    let taken = row >= from && wanted[row - from] === 1
    for (; entry < entries; entry++) {
      const r = repetition === null ? 0 : repetition[entry]!
      const d = definition === null ? max : definition[entry]!
      if (r === 0) {
        if (row + 1 === to) break
        row++
        taken = row >= from && wanted[row - from] === 1
        if (taken) this.#startRow()
        else if (row >= from) this.pad()
      }
      if (!taken) {
        if (d === max) value++
        continue
      }
      // A column that is read for its lists only may have more lists further in.
      if (r > depth) {
        if (d === max) value++
        continue
      }
      if (r > 0) this.#counts[r - 1]!++
      let list = r
      for (; list < depth; list++) {
        const { present, element } = lists[list]!
        this.#startList(list, this.#parent(list), d < present ? 1 : 0)
        if (d < element) break
        this.#counts[list]!++
      }
      if (list < depth) continue
      const slot = depth === 0 ? row - from : this.#counts[depth - 1]! - 1
      if (slot >= this.#nulls.length) this.#reserve(slot + 1)
      if (d !== max) {
        this.#nulls[slot] = 1
        continue
      }
      if (texts) {
        this.#refs[2 * slot] = texts[2 * value]!
        this.#refs[2 * slot + 1] = texts[2 * value + 1]!
      } else if (numbers) {
        this.#values[slot] = numbers[value]!
        const fault = faults?.get(value)
        if (fault !== undefined) {
          this.faults.set(row - from, fault)
          this.#nulls[slot] = 1
        }
      }
      value++
    }
    cursor.entry = entry
    cursor.value = value
    cursor.row = row
  }

  text(): TextColumn {
    return { refs: this.#refs, length: this.slots }
  }

  number(): NumberColumn {
    const boolean = this.leaf.kind === 'boolean'
    return { values: this.#values, nulls: this.#nulls, length: this.slots, boolean }
  }

  /** The lists around the leaf, outermost first. */
  lists(): ListColumn[] {
    return this.#offsets.map((offsets, list) => {
      const length = list === 0 ? this.#rows : this.#counts[list - 1]!
      offsets[length] = this.#counts[list]!
      return {
        offsets: offsets.subarray(0, length + 1),
        nulls: this.#listNulls[list]!.subarray(0, length),
        length,
      }
    })
  }

  #startRow(): number {
    return this.#rows++
  }

  /** The slot of the list's parent: the newest element of the list around it, or the row. */
  #parent(list: number): number {
    return (list === 0 ? this.#rows : this.#counts[list - 1]!) - 1
  }

  #startList(list: number, parent: number, isNull: number): void {
    let offsets = this.#offsets[list]!
    if (parent + 1 >= offsets.length) {
      offsets = this.#offsets[list] = enlarged(offsets, parent + 2)
      this.#listNulls[list] = enlarged(this.#listNulls[list]!, offsets.length - 1)
    }
    offsets[parent] = this.#counts[list]!
    this.#listNulls[list]![parent] = isNull
  }

  #reserve(slots: number): void {
    if (slots <= this.#nulls.length) return
    this.#nulls = enlarged(this.#nulls, slots)
    if (this.#refs.length > 0) this.#refs = enlarged(this.#refs, 2 * this.#nulls.length)
    if (this.#values.length > 0) this.#values = enlarged(this.#values, this.#nulls.length)
  }
}

/** A copy with room for `needed` and as much again. */
function enlarged<Column extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  column: Column,
  needed: number,
): Column {
  const copy = new (column.constructor as new (length: number) => Column)(Math.max(needed, 2 * column.length))
  copy.set(column)
  return copy
}
