import type { Origin, RowBatchContent, RowFailure } from '../../pipeline/batch/batch.ts'
import type { ListColumn } from '../../pipeline/batch/columns.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import { project, type Struct } from '../../pipeline/batch/schema.ts'
import type { ByteSource, ReadThrough } from './byte-source.ts'
import type { ColumnChunk, RowGroup } from './file-metadata.ts'
import { joinColumns } from './join-columns.ts'
import type { LeafColumns } from './leaf-columns.ts'
import { type Budget, LeafReader } from './leaf-reader.ts'
import type { PageMap } from './page-map.ts'
import { ENTRY_BYTES } from './row-sizes.ts'
import type { Resolution, ResolvedLeaf } from './schema-resolution.ts'

/** Pages loaded for one batch, in bytes, before it is cut short. */
const BATCH_BYTES = 8 << 20
/** What a batch's rows come to in one leaf before it is cut short; more only for texts that rows share. */
const BATCH_ROW_BYTES = 32 << 20
/** Few, so that what steps make for a batch is garbage before the collector looks at it. */
const MAX_BATCH_ROWS = 16
/** For the leaves read later: the rows of the batch stand, and one that they cut off would read as null. */
const NO_BOUNDS: Budget = { left: Number.POSITIVE_INFINITY, rowBytes: Number.POSITIVE_INFINITY }

/**
 * Looking for pages takes a way to a source far away for each of them: where those that are wanted come to more than
 * this part of all, reading all of them is sooner done …
 */
const MOST_SOUGHT = 0.4
/** … which is known after so many rows. */
const JUDGED_ROWS = 256

export interface RowGroupOptions {
  readonly source: ByteSource
  readonly memory: Memory
  readonly group: RowGroup
  /** where pages of a chunk are noted, and were by readers before */
  readonly maps: (chunk: ColumnChunk) => PageMap
  readonly schema: Struct
  readonly resolution: Resolution
  /** dotted paths of leaves or subtrees to read before the others; empty reads everything at once */
  readonly early: readonly string[]
}

/** Reads the wanted leaves of a row group in step, a batch of rows at a time. */
export class RowGroupReader {
  readonly group: RowGroup
  readonly #schema: Struct
  /** what of the schema is read at first */
  readonly #firstSchema: Struct
  readonly #first: readonly LeafReader[]
  readonly #later: readonly LeafReader[]
  readonly #maxRows: number
  /** up to which row is read, as far as is known */
  #until = 0
  /** whether the later leaves are read from where they are on, not page by page */
  #streams = false
  /** of which it was heard what is wanted, and what the pages of those that are come to */
  #judgedRows = 0
  #wantedBytes = 0
  readonly #source: ByteSource
  /** batches of which it is known what is wanted, and that are not loaded yet */
  #waiting = 0
  #isClosed = false
  /** rows that are wanted, of batches that are not loaded yet, until their pages are looked for */
  #wanted: { readonly from: number; readonly flags: Uint8Array }[] = []

  constructor({ source, memory, group, maps, schema, resolution, early }: RowGroupOptions) {
    this.group = group
    this.#schema = schema
    const chunkOf = ({ column }: ResolvedLeaf): ColumnChunk => group.chunks[column.column]!
    const open = (leaf: ResolvedLeaf): LeafReader => {
      const chunk = chunkOf(leaf)
      return new LeafReader({ leaf, chunk, map: maps(chunk), groupRows: group.rows, source, memory })
    }
    const first = resolution.leaves.filter((leaf) => isEarly(leaf, early))
    const later = resolution.leaves.filter((leaf) => !isEarly(leaf, early))
    this.#source = source
    this.#first = first.map(open)
    this.#later = later.map(open)
    this.#firstSchema = this.#later.length === 0 ? schema : project(schema, early)
    const bytes = resolution.leaves.reduce((sum, { column }) => {
      const { uncompressedBytes, values } = group.chunks[column.column]!
      return sum + uncompressedBytes + values * ENTRY_BYTES
    }, 0)
    this.#maxRows = Math.max(
      1,
      Math.min(MAX_BATCH_ROWS, Math.floor((BATCH_BYTES * group.rows) / (bytes + 1))),
    )
  }

  /** Says that rows up to `until` will be asked for, as far as is known. */
  expect(until: number): void {
    if (until === this.#until) return
    this.#until = until
    this.#tell()
  }

  #tell(): void {
    const read = this.#streams ? [...this.#first, ...this.#later] : this.#first
    const perhaps = this.#streams ? [] : this.#later.map(({ chunk }) => chunk)
    this.#source.expect?.({ next: read.map((leaf) => this.#readThrough(leaf)), perhaps })
  }

  #readThrough({ at, chunk: { start, end } }: LeafReader): ReadThrough {
    return { start: at, end, until: start + Math.ceil(((end - start) * this.#until) / this.group.rows) }
  }

  /**
   * The next batch, from row `from` of the row group up to row `to` at most. Rows that were passed can't be read
   * again.
   */
  async batch(from: number, to: number, origin: Origin, signal: AbortSignal): Promise<RowBatchContent> {
    const budget: Budget = { left: BATCH_BYTES, rowBytes: BATCH_ROW_BYTES }
    let end = Math.min(to, from + this.#maxRows)
    for (const leaf of this.#first) end = await leaf.reach(from, end, null, budget, signal)
    const length = end - from
    const first = takeAll(this.#first, from, end, new Uint8Array(length).fill(1), new Map())
    const leaves = [...first.leaves]
    const joined = joinColumns(this.#firstSchema, length, leaves)
    const content = {
      length,
      origin,
      columns: joined.columns,
      failures: [...first.failures, ...joined.failures],
      release: () => {
        for (const { storages } of leaves) for (const storage of storages) storage.release()
      },
    }
    if (this.#later.length === 0) return content
    let wanted = new Uint8Array(0)
    const load = async () => {
      if (this.#isClosed) throw new Error('a batch was loaded after its reader had gone on to other rows')
      this.#waiting--
      if (!this.#streams) await this.#scout(signal)
      // What nobody wants of this batch is passed over on the way to rows that somebody wants.
      if (wanted.includes(1))
        await Promise.all(this.#later.map((leaf) => leaf.reach(from, end, wanted, NO_BOUNDS, signal)))
      const later = takeAll(this.#later, from, end, wanted, joined.columns.lists)
      leaves.push(...later.leaves)
      const all = joinColumns(this.#schema, length, leaves)
      return { columns: all.columns, failures: [...later.failures, ...all.failures] }
    }
    const want = (flags: Uint8Array<ArrayBuffer>): void => {
      wanted = flags
      this.#waiting++
      if (!this.#streams) this.#wanted.push({ from, flags })
    }
    return { ...content, later: { want, load } }
  }

  /**
   * Finds the pages of all rows of which it was heard that they are wanted, by their headers, so that a source that is
   * far away can fetch them together.
   */
  async #scout(signal: AbortSignal): Promise<void> {
    const first = this.#wanted.find(({ flags }) => flags.includes(1))
    const last = this.#wanted.findLast(({ flags }) => flags.includes(1))
    const batches = this.#wanted
    this.#wanted = []
    this.#judgedRows += batches.reduce((sum, { flags }) => sum + flags.length, 0)
    if (!first || !last) return
    const from = first.from + first.flags.indexOf(1)
    const to = last.from + last.flags.lastIndexOf(1) + 1
    const wanted = new Uint8Array(to - from)
    for (const batch of batches)
      for (let row = Math.max(from, batch.from); row < Math.min(to, batch.from + batch.flags.length); row++)
        wanted[row - from] = batch.flags[row - batch.from]!
    const ranges = (await Promise.all(this.#later.map((leaf) => leaf.scout(from, to, wanted, signal)))).flat()
    this.#wantedBytes += ranges.reduce((sum, { start, end }) => sum + end - start, 0)
    const bytes = this.#later.reduce((sum, { chunk }) => sum + chunk.end - chunk.start, 0)
    const expected = (this.#judgedRows / this.group.rows) * bytes
    if (this.#judgedRows < JUDGED_ROWS || this.#wantedBytes <= expected * MOST_SOUGHT) {
      this.#source.prefetch?.(ranges)
      return
    }
    this.#streams = true
    this.#tell()
  }

  /** Whether no batch that was given is still to be loaded. */
  get isIdle(): boolean {
    return this.#waiting === 0
  }

  close(): void {
    this.#isClosed = true
    for (const leaf of [...this.#first, ...this.#later]) leaf.close()
  }
}

function isEarly({ path, kind }: ResolvedLeaf, early: readonly string[]): boolean {
  if (early.length === 0) return true
  return early.some(
    (name) => path === name || path.startsWith(`${name}.`) || (kind === null && name.startsWith(`${path}.`)),
  )
}

/** The columns of all leaves for the same rows. A row that any of them can't read is a failure, and null in all. */
function takeAll(
  readers: readonly LeafReader[],
  from: number,
  to: number,
  wanted: Uint8Array,
  shape: ReadonlyMap<string, ListColumn>,
): { readonly leaves: readonly LeafColumns[]; readonly failures: readonly RowFailure[] } {
  const failures: RowFailure[] = []
  const readable = wanted.slice()
  for (const reader of readers) {
    for (const fault of reader.faults(from, to)) {
      for (let row = fault.from - from; row < fault.to - from; row++) {
        if (readable[row] === 1) failures.push({ row, field: reader.leaf.path, message: fault.message })
        readable[row] = 0
      }
    }
  }
  const leaves = readers.map((reader) => reader.take({ from, to, wanted: readable, shape }))
  for (const { leaf, faults, storages } of leaves) {
    for (const storage of storages) storage.retain()
    for (const [row, message] of faults) failures.push({ row, field: leaf.path, message })
  }
  return { leaves, failures }
}
