import type { Cell, ListColumn, NumberColumn, TextColumn } from './columns.ts'
import type { Memory } from './memory.ts'
import { type Failure, Outcomes } from './outcome.ts'
import {
  plainCopy,
  type RowClass,
  type RowLayout,
  rowClass,
  StaleRowError,
  UndeclaredReadError,
} from './row.ts'
import { TextArena } from './text-arena.ts'
import { LONGEST_WORD } from './word-cache.ts'

/**
 * The unit that steps work on: consecutive elements of one bundle. `RowBatch` has a second face of bytes;
 * `ValueBatch` carries plain values.
 */
export interface Batch<T = unknown> {
  readonly length: number
  readonly outcomes: Outcomes
  /** where each element came from */
  readonly origin: Origin
  /** The element. A row read lazily from a `RowBatch` is valid while its batch lives. */
  row(index: number): T
  /**
   * A column's or field's value for tables and ledgers; null when it was not measured. A member that a step redefines
   * reads as the source has it where the step did not get to.
   */
  cell(index: number, name: string): Cell
  /** Puts a step's value beside the row. */
  add(index: number, name: string, value: unknown): void
  /** position in its file of the row that the element came from, from 0; null when it came from several */
  sourceRow(index: number): number | null
  /** The same elements with outcomes and added values of their own: for a branch that marks. */
  fork(): Batch<T>
}

/** Where the elements of a batch were read. */
export interface Origin {
  /** path or URI of the file, as the user would write it */
  readonly file: string
  /** commit of the dataset; null for local files */
  readonly revision: string | null
  /** position in the file of the batch's first row, from 0 */
  readonly firstRow: number
}

/** Values that never were columns: Create's elements, what a DoFn emits, the result of a Combine. */
export class ValueBatch<T = unknown> implements Batch<T> {
  readonly outcomes: Outcomes
  readonly origin: Origin
  readonly #values: readonly T[]
  readonly #sourceRows: readonly (number | null)[]
  readonly #added = new Map<string, unknown[]>()

  constructor(
    values: readonly T[],
    origin: Origin,
    sourceRows: readonly (number | null)[],
    outcomes?: Outcomes,
  ) {
    this.#values = values
    this.origin = origin
    this.#sourceRows = sourceRows
    this.outcomes = outcomes ?? new Outcomes(values.length)
  }

  get length(): number {
    return this.#values.length
  }

  row(index: number): T {
    const value = this.#values[index] as T
    if (this.#added.size === 0) return value
    const added = Object.fromEntries([...this.#added].map(([name, column]) => [name, column[index]]))
    // The element may be a row that a DoFn passed on, and a spread of a row copies nothing.
    return { ...(plainCopy(value) as T), ...added }
  }

  cell(index: number, name: string): Cell {
    const added = this.#added.get(name)?.[index]
    if (added !== undefined) return added as Cell
    return ((this.#values[index] as Record<string, Cell> | null)?.[name] ?? null) as Cell
  }

  add(index: number, name: string, value: unknown): void {
    let column = this.#added.get(name)
    if (!column) {
      column = new Array(this.length)
      this.#added.set(name, column)
    }
    column[index] = value
  }

  sourceRow(index: number): number | null {
    return this.#sourceRows[index] ?? null
  }

  fork(): ValueBatch<T> {
    const copy = new ValueBatch(this.#values, this.origin, this.#sourceRows, this.outcomes.fork())
    for (const [name, column] of this.#added) copy.#added.set(name, column.slice())
    return copy
  }
}

/** The beginning and the end of a text. */
export interface TextEnds {
  readonly head: string
  readonly tail: string
}

/** UTF-8 takes at most this many bytes after the first for a character. */
const MAX_CONTINUATION = 3

/** Where the character that `at` lies in begins, or the next; null in bytes that are not UTF-8. */
function startOfCharacter(bytes: Buffer, at: number): number | null {
  for (let start = at; start >= at - MAX_CONTINUATION; start--)
    if ((bytes[start]! & 0xc0) !== 0x80) return start
  return null
}

/** What a source fills in for one batch: the leaves of a projected schema by dotted path. */
export interface Columns {
  readonly texts: ReadonlyMap<string, TextColumn>
  readonly numbers: ReadonlyMap<string, NumberColumn>
  readonly lists: ReadonlyMap<string, ListColumn>
}

export interface RowFailure extends Failure {
  /** index in the batch */
  readonly row: number
}

/** Leaves that are read when it is known of which rows. */
export interface LaterColumns {
  /**
   * Says which rows will be loaded: those whose flag is 1. A source that hears it of several batches before the first
   * is loaded can read for all of them together.
   */
  want(wanted: Uint8Array<ArrayBuffer>): void
  /** All columns; rows that are not wanted may read as null in these leaves. Batches are loaded in their order. */
  load(): Promise<{ readonly columns: Columns; readonly failures?: readonly RowFailure[] }>
}

export interface RowBatchContent {
  readonly length: number
  readonly origin: Origin
  readonly columns: Columns
  /** rows that could not be read, with the field at fault */
  readonly failures?: readonly RowFailure[]
  /** the leaves that were not asked for early; absent when `columns` holds everything */
  readonly later?: LaterColumns
  /** gives back the pages; called once, when no step needs the batch any more */
  release(): void
}

/** A value that a step added lies in an array of these. */
const ADDED_VALUE_BYTES = 8

/**
 * Rows in columns: texts are references into the pages they came in, values that steps add are columns beside
 * them. Nothing is decoded until somebody reads it.
 */
export class RowBatch<T = unknown> implements Batch<T> {
  readonly memory: Memory
  readonly length: number
  readonly origin: Origin
  readonly outcomes: Outcomes
  /** false once released: every getter of its rows checks */
  live = true
  #columns: Columns
  readonly #content: RowBatchContent
  readonly #layout: RowLayout
  readonly #rowClass: RowClass
  readonly #forks: RowBatch<T>[] = []
  readonly #rows: (T | undefined)[]
  readonly #added = new Map<string, unknown[]>()
  readonly #replacements: TextArena

  constructor(memory: Memory, layout: RowLayout, content: RowBatchContent, outcomes?: Outcomes) {
    this.memory = memory
    this.#layout = layout
    this.length = content.length
    this.origin = content.origin
    this.outcomes = outcomes ?? new Outcomes(content.length)
    this.#columns = content.columns
    this.#content = content
    this.#rowClass = rowClass(layout)
    this.#rows = new Array(content.length)
    this.#replacements = new TextArena(memory)
    this.#fail(content.failures)
  }

  /**
   * Says that the early filters have judged: the rows that none of them refused will be loaded. Whether anything is
   * left to load.
   */
  judged(): boolean {
    const { later } = this.#content
    later?.want(Uint8Array.from({ length: this.length }, (_, row) => (this.outcomes.kept(row) ? 1 : 0)))
    return later !== undefined
  }

  /** Reads what was left for later. `judged` comes before. */
  async load(): Promise<void> {
    if (!this.#content.later) return
    const { columns, failures } = await this.#content.later.load()
    this.#columns = columns
    this.#fail(failures)
  }

  #fail(failures: readonly RowFailure[] = []): void {
    for (const { row, field, message } of failures)
      this.outcomes.mark(row, { verdict: 'failed', step: 'read', field, message })
  }

  fork(): RowBatch<T> {
    const texts = new Map<string, TextColumn>()
    for (const [path, { refs, length }] of this.#columns.texts)
      texts.set(path, { refs: refs.slice(), length })
    const content: RowBatchContent = {
      ...this.#content,
      columns: { ...this.#columns, texts },
      release: () => {},
    }
    const copy = new RowBatch<T>(this.memory, this.#layout, content, this.outcomes.fork())
    for (const [name, column] of this.#added) copy.#added.set(name, column.slice())
    this.#forks.push(copy)
    return copy
  }

  sourceRow(index: number): number {
    return this.origin.firstRow + index
  }

  // ---- the face of bytes

  /** Whether a text leaf was read: a source need not have every leaf that a step can do with. */
  hasText(path: string): boolean {
    return this.#columns.texts.has(path)
  }

  /** A text leaf by dotted path. Throws when no step declared that it reads it. */
  text(path: string): TextColumn {
    this.checkLive()
    return this.#columns.texts.get(path) ?? this.#undeclared(path)
  }

  number(path: string): NumberColumn {
    this.checkLive()
    return this.#columns.numbers.get(path) ?? this.#undeclared(path)
  }

  list(path: string): ListColumn {
    this.checkLive()
    return this.#columns.lists.get(path) ?? this.#undeclared(path)
  }

  /** Bytes that the batch holds of members, by dotted path of a leaf, a subtree or an added column; `*` is all. */
  bytesOf(paths: readonly string[]): number {
    const wanted = (name: string) =>
      paths.some((path) => path === '*' || path === name || name.startsWith(`${path}.`))
    let bytes = 0
    for (const [path, { refs }] of this.#columns.texts) {
      if (!wanted(path)) continue
      bytes += refs.byteLength
      for (let at = 1; at < refs.length; at += 2) bytes += refs[at]!
    }
    for (const [path, { values, nulls }] of this.#columns.numbers)
      if (wanted(path)) bytes += values.byteLength + nulls.byteLength
    for (const [path, { offsets, nulls }] of this.#columns.lists)
      if (wanted(path)) bytes += offsets.byteLength + nulls.byteLength
    for (const name of this.#added.keys()) if (wanted(name)) bytes += this.length * ADDED_VALUE_BYTES
    return bytes
  }

  /** The bytes of a slot, valid until the memory grows or the batch is released; null for null. */
  bytes(column: TextColumn, slot: number): Uint8Array | null {
    const address = column.refs[2 * slot]!
    return address === 0 ? null : this.memory.bytes.subarray(address, address + column.refs[2 * slot + 1]!)
  }

  /** The text of a slot. Bytes that are not UTF-8 become U+FFFD. */
  decode(column: TextColumn, slot: number): string | null {
    const address = column.refs[2 * slot]!
    if (address === 0) return null
    const length = column.refs[2 * slot + 1]!
    const { memory } = this
    return length <= LONGEST_WORD
      ? memory.words.decode(memory.bytes, address, length)
      : memory.bytes.toString('utf8', address, address + length)
  }

  /**
   * The text of a slot without its middle: about `head` bytes of its beginning and `tail` of its end. Null where that
   * would spare little: then it is as well decoded whole.
   */
  decodeEnds(column: TextColumn, slot: number, head: number, tail: number): TextEnds | null {
    const address = column.refs[2 * slot]!
    const end = address + column.refs[2 * slot + 1]!
    if (end - address < 2 * (head + tail)) return null
    const { bytes } = this.memory
    const headEnd = startOfCharacter(bytes, address + head)
    const tailStart = startOfCharacter(bytes, end - tail)
    if (headEnd === null || tailStart === null) return null
    return { head: bytes.toString('utf8', address, headEnd), tail: bytes.toString('utf8', tailStart, end) }
  }

  /** Whether the text of a slot, which is not null, has these words of ASCII in it. Nothing is decoded. */
  includes(column: TextColumn, slot: number, words: string): boolean {
    const address = column.refs[2 * slot]!
    const end = address + column.refs[2 * slot + 1]!
    return this.memory.bytes.subarray(address, end).includes(words, 0, 'latin1')
  }

  /** Gives a slot another text; every later step and encoder reads the new one. */
  replace(column: TextColumn, slot: number, text: string | null): void {
    this.checkLive()
    if (text === null) column.refs[2 * slot] = column.refs[2 * slot + 1] = 0
    else this.#replacements.write(column, slot, text)
    // Rows keep what they decoded: later steps get new ones.
    this.#rows.fill(undefined)
  }

  // ---- the face of rows

  row(index: number): T {
    let row = this.#rows[index]
    if (row === undefined) {
      row = new this.#rowClass(this, index) as T
      this.#rows[index] = row
    }
    return row
  }

  /** Puts a step's value beside the row, readable as a property of the row and as a cell. */
  add(index: number, name: string, value: unknown): void {
    this.checkLive()
    let column = this.#added.get(name)
    if (!column) {
      column = new Array(this.length)
      this.#added.set(name, column)
    }
    column[index] = value
  }

  /** A value that a step added; undefined before it did. */
  added(index: number, name: string): unknown {
    return this.#added.get(name)?.[index]
  }

  cell(index: number, name: string): Cell {
    this.checkLive()
    const added = this.#added.get(name)?.[index]
    if (added !== undefined) return added as Cell
    const text = this.#columns.texts.get(name)
    if (text) return this.decode(text, index)
    const number = this.#columns.numbers.get(name)
    if (number)
      return number.nulls[index] ? null : number.boolean ? number.values[index] === 1 : number.values[index]!
    return null
  }

  /** Ends the batch: its pages go back to the memory and its rows refuse to be read. */
  release(): void {
    if (!this.live) return
    this.live = false
    for (const fork of this.#forks) fork.release()
    this.#replacements.release()
    this.#content.release()
  }

  /** Throws StaleRowError once the batch is released: its pages may hold another batch by now. */
  checkLive(): void {
    if (!this.live) throw new StaleRowError()
  }

  #undeclared(path: string): never {
    throw new UndeclaredReadError(path)
  }
}
