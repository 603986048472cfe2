import type { Memory } from '../../pipeline/batch/memory.ts'
import type { ByteSource } from './byte-source.ts'
import { ChunkPages } from './chunk-pages.ts'
import type { ColumnChunk } from './file-metadata.ts'
import { LeafColumns, type RowRange } from './leaf-columns.ts'
import { countRows } from './levels.ts'
import { endCovered, firstCovered, letGo, type Page } from './page.ts'
import { faultOf, PageError } from './page-error.ts'
import type { ResolvedLeaf } from './schema-resolution.ts'

/** Bytes that a batch may still load before it should end. */
export interface Budget {
  left: number
}

/** Rows of which a leaf can't be read. */
export interface RowFault {
  readonly from: number
  readonly to: number
  readonly message: string
}

/**
 * Walks the pages of one leaf in a row group, in step with the other leaves. Rows are asked for in ascending
 * order; pages are held from the first row that is asked for in them to the last, and those in which no row is
 * wanted are passed over without decompressing their values where their rows can be counted otherwise.
 *
 * Damage costs as few rows as can be: the rows that a page covers, where it is known which they are; else all
 * from there to the end of the row group.
 */
export class LeafReader {
  readonly leaf: ResolvedLeaf
  readonly #chunk: ChunkPages
  readonly #groupRows: number
  /** by the footer */
  #valuesLeft: number
  /** pages that rows not yet passed are in */
  #pages: Page[] = []
  #rowsStarted = 0
  /** no page follows */
  #ended: boolean
  /** where the position of rows was lost, and why */
  #lost: { readonly row: number; readonly message: string } | null = null
  #expectedSlots = 0

  constructor(leaf: ResolvedLeaf, chunk: ColumnChunk, groupRows: number, source: ByteSource, memory: Memory) {
    this.leaf = leaf
    this.#chunk = new ChunkPages(chunk, leaf.column, source, memory)
    this.#groupRows = groupRows
    this.#valuesLeft = chunk.values
    this.#ended = groupRows === 0
  }

  /**
   * Decodes the pages that hold wanted rows of `from` to `to`. Ends early, after one row at least, when the
   * budget is spent; returns the end of the rows that are there.
   */
  async reach(
    from: number,
    to: number,
    wanted: Uint8Array | null,
    budget: Budget,
    signal: AbortSignal,
  ): Promise<number> {
    this.#passTo(from)
    let end = to
    while (this.#completeRows() < to) {
      if (budget.left <= 0 && this.#completeRows() > from) {
        end = this.#completeRows()
        break
      }
      signal.throwIfAborted()
      const eager = wanted === null && this.#rowsStarted >= from
      const page = await this.#nextPage(eager)
      if (page?.decoded) budget.left -= page.header.uncompressedBytes
      this.#passTo(from)
    }
    for (const page of this.#pages) {
      if (page.decoded || page.fault !== null || !isWanted(page, from, end, wanted)) continue
      signal.throwIfAborted()
      await this.#chunk.decode(page, (repetition) => this.#countRows(page, repetition, true))
      budget.left -= page.header.uncompressedBytes
    }
    return end
  }

  /** Which of the rows that were reached can't be read. */
  faults(from: number, to: number): RowFault[] {
    const faults: RowFault[] = []
    const add = (first: number, end: number, message: string): void => {
      if (first < to && end > from)
        faults.push({ from: Math.max(first, from), to: Math.min(end, to), message })
    }
    for (const page of this.#pages)
      if (page.fault !== null) add(firstCovered(page), endCovered(page), page.fault)
    if (this.#lost) add(this.#lost.row, Number.POSITIVE_INFINITY, this.#lost.message)
    return faults
  }

  /** The columns of rows that were reached. No row with a fault may be wanted. */
  take(range: RowRange): LeafColumns {
    const columns = new LeafColumns(this.leaf, range, this.#expectedSlots)
    for (const page of this.#pages) {
      if (firstCovered(page) >= range.to) break
      if (page.cursor.entry > 0 && page.cursor.row >= range.from)
        throw new Error(`row ${range.from} was passed already`)
      if (page.decoded) columns.append(page)
      else while (columns.nextRow < Math.min(endCovered(page), range.to)) columns.pad()
    }
    while (columns.nextRow < range.to) columns.pad()
    this.#expectedSlots = Math.ceil(columns.slots * 1.25)
    return columns
  }

  close(): void {
    for (const page of this.#pages) letGo(page)
    this.#pages = []
    this.#chunk.close()
  }

  /** Rows that no page to come can add to. */
  #completeRows(): number {
    if (this.#ended) return this.#groupRows
    const last = this.#pages.at(-1)
    const mayGoOn = this.#isNested && (!last || last.header.kind === 'v1')
    return mayGoOn ? Math.max(0, this.#rowsStarted - 1) : this.#rowsStarted
  }

  #passTo(row: number): void {
    let passed = 0
    while (passed < this.#pages.length - 1 && endCovered(this.#pages[passed]!) <= row) passed++
    const last = this.#pages[passed]
    if (last && passed === this.#pages.length - 1 && this.#ended && endCovered(last) <= row) passed++
    if (passed === 0) return
    for (const page of this.#pages.splice(0, passed)) letGo(page)
  }

  /** Goes on to the next data page. Undefined when the pages can't be followed further. */
  async #nextPage(eager: boolean): Promise<Page | undefined> {
    let page: Page
    try {
      page = await this.#chunk.next(this.#rowsStarted, this.#valuesLeft)
    } catch (error) {
      this.#lose(faultOf(error), this.#completeRows())
      return undefined
    }
    const { header } = page
    const rowsInLevels = this.#isNested && header.kind === 'v1'
    if (header.kind === 'v2') page.rows = header.rows
    else if (!rowsInLevels) page.rows = header.values
    let counted = !rowsInLevels
    const countIn = (repetition: Uint8Array | null): void => {
      this.#countRows(page, repetition, counted)
      counted = true
    }
    if (page.fault === null && !eager && !counted) {
      try {
        const repetition = await this.#chunk.peek(page)
        if (repetition) countIn(repetition)
      } catch (error) {
        page.fault = faultOf(error)
      }
    }
    if (page.fault === null && (eager || !counted)) await this.#chunk.decode(page, countIn)
    if (!counted) {
      this.#lose(page.fault!, this.#completeRows())
      return undefined
    }
    this.#add(page)
    return page
  }

  #add(page: Page): void {
    if (page.firstRow + page.rows > this.#groupRows) {
      letGo(page)
      this.#lose(
        `the column has more than the ${this.#groupRows} rows of its row group`,
        this.#completeRows(),
      )
      return
    }
    this.#pages.push(page)
    this.#rowsStarted += page.rows
    this.#valuesLeft -= page.header.values
    if (this.#valuesLeft > 0) return
    if (this.#rowsStarted === this.#groupRows) this.#ended = true
    else
      this.#lose(`the column ends after ${this.#rowsStarted} of ${this.#groupRows} rows`, this.#rowsStarted)
  }

  /** Rows of a page by its levels, which must be those of its header when that says how many they are. */
  #countRows(page: Page, repetition: Uint8Array | null, known: boolean): void {
    const rows = countRows(repetition, page.header.values)
    const continues = page.header.values > 0 && repetition !== null && repetition[0] !== 0
    if (known && (rows !== page.rows || continues !== page.continues))
      throw new PageError(`the page has ${rows} rows where its header says ${page.rows}`)
    if (continues && page.firstRow === 0) throw new PageError('the column begins in the middle of a row')
    page.rows = rows
    page.continues = continues
  }

  /** From `row` on it is not known which row is which. */
  #lose(message: string, row: number): void {
    this.#lost = { row, message }
    this.#ended = true
  }

  get #isNested(): boolean {
    return this.leaf.column.maxRepetition > 0
  }
}

function isWanted(page: Page, from: number, to: number, wanted: Uint8Array | null): boolean {
  const first = Math.max(firstCovered(page), from)
  const end = Math.min(endCovered(page), to)
  if (wanted === null) return first < end
  for (let row = first; row < end; row++) if (wanted[row - from] === 1) return true
  return false
}
