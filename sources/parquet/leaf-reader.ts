import type { Memory } from '../../pipeline/batch/memory.ts'
import type { ByteRange, ByteSource } from './byte-source.ts'
import { ChunkPages } from './chunk-pages.ts'
import type { ColumnChunk } from './file-metadata.ts'
import { LeafColumns, type RowRange } from './leaf-columns.ts'
import { countRows } from './levels.ts'
import { readPageIndex } from './offset-index.ts'
import { endCovered, firstCovered, headerAt, isWanted, letGo, type Page } from './page.ts'
import { faultOf, PageError } from './page-error.ts'
import { PageGuide } from './page-guide.ts'
import type { PageEntry } from './page-index.ts'
import { notePage, type PageMap } from './page-map.ts'
import { checkEntries, ENTRY_BYTES, loadedBytes, sizesOfRows, tooLarge } from './row-sizes.ts'
import type { ResolvedLeaf } from './schema-resolution.ts'

/** Bounds of a batch, in bytes. A batch has one row at least. */
export interface Budget {
  /** that it may still load before it should end */
  left: number
  /** that its rows may come to in one leaf: their entries, and their texts each time they are referred to */
  readonly rowBytes: number
}

/** Rows of which a leaf can't be read. */
export interface RowFault {
  readonly from: number
  readonly to: number
  readonly message: string
}

export interface LeafOptions {
  readonly leaf: ResolvedLeaf
  readonly chunk: ColumnChunk
  /** pages of the chunk that were walked over before; those that are walked over now are added */
  readonly map: PageMap
  readonly groupRows: number
  readonly source: ByteSource
  readonly memory: Memory
}

/**
 * Walks the pages of one leaf in a row group, in step with the other leaves. Rows are asked for in ascending
 * order; pages are held from the first row that is asked for in them to the last, and those in which no row is
 * wanted are passed over without decompressing their values where their rows can be counted otherwise. Where that
 * takes more than their headers and the file has a page index, they are not even looked at; an index that turns out
 * to be wrong is given up for a walk from the start.
 *
 * Damage costs as few rows as can be: the rows that a page covers, where it is known which they are; else all
 * from there to the end of the row group. A damaged page's header may lie: it is known when levels with the right
 * checksum confirm it, or when the headers of the column come to what the footer says. Else a page index can tell
 * where the next page's rows begin: whoever comes to them past the damage finds them by it too.
 */
export class LeafReader {
  readonly leaf: ResolvedLeaf
  /** where its pages lie in the file */
  readonly chunk: ByteRange
  readonly #chunk: ChunkPages
  readonly #map: PageMap
  readonly #guide: PageGuide
  readonly #groupRows: number
  readonly #values: number
  /** by the footer */
  #valuesLeft: number
  /** rows were given behind pages that were not looked at */
  #gaveLed = false
  /** pages that rows not yet passed are in */
  #pages: Page[] = []
  #rowsStarted = 0
  /** no page follows */
  #ended: boolean
  /** where the position of rows was lost, and why */
  #lost: { readonly row: number; readonly message: string } | null = null
  /** rows not yet passed that have more than a row may, or were in a page that the index led over */
  #unreadable: RowFault[] = []
  #expectedSlots = 0

  constructor({ leaf, chunk, map, groupRows, source, memory }: LeafOptions) {
    this.leaf = leaf
    this.chunk = chunk
    this.#map = map
    this.#chunk = new ChunkPages(chunk, leaf.column, source, memory)
    this.#guide = new PageGuide(map, () => readPageIndex(chunk, leaf.column, groupRows, source), this.#chunk)
    this.#groupRows = groupRows
    this.#values = chunk.values
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
      const page = await this.#nextPage(from, eager)
      if (page?.decoded) budget.left -= loadedBytes(page)
      this.#passTo(from)
    }
    for (const page of this.#pages) {
      if (page.decoded || page.fault !== null || !isWanted(page, from, end, wanted)) continue
      signal.throwIfAborted()
      await this.#chunk.decode(page, false, (repetition) => {
        this.#countRows(page, repetition, true)
        checkEntries(repetition, page.header.values)
      })
      budget.left -= loadedBytes(page)
      if (page.fault !== null && !(await this.#knowsRows(page))) this.#lose(page.fault, firstCovered(page))
    }
    return this.#measure(from, end, budget)
  }

  /**
   * Looks for the pages of wanted rows, as `reach` for the same rows would, and decodes nothing. What `reach` will read
   * of the file then.
   */
  async scout(from: number, to: number, wanted: Uint8Array, signal: AbortSignal): Promise<ByteRange[]> {
    this.#passTo(from)
    while (this.#completeRows() < to) {
      signal.throwIfAborted()
      await this.#nextPage(from, false)
      this.#passTo(from)
    }
    const pages = this.#pages.filter(
      (page) => !page.decoded && page.fault === null && isWanted(page, from, to, wanted),
    )
    return this.#chunk.bodies(pages)
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
    for (const row of this.#unreadable) add(row.from, row.to, row.message)
    if (this.#lost) add(this.#lost.row, Number.POSITIVE_INFINITY, this.#lost.message)
    return faults
  }

  /** Where in the file it has come to. */
  get at(): number {
    return this.#chunk.at
  }

  /** The columns of rows that were reached. No row with a fault may be wanted. */
  take(range: RowRange): LeafColumns {
    const columns = new LeafColumns(this.leaf, range, this.#expectedSlots)
    for (const page of this.#pages) {
      if (firstCovered(page) >= range.to) break
      if (page.cursor.entry > 0 && page.cursor.row >= range.from)
        throw new Error(`row ${range.from} was passed already`)
      // A row that only ends in the page has begun in one that nobody wanted, if not here already.
      while (columns.nextRow < Math.min(page.firstRow, range.to)) columns.pad()
      if (page.decoded) columns.append(page)
      else while (columns.nextRow < Math.min(endCovered(page), range.to)) columns.pad()
    }
    while (columns.nextRow < range.to) columns.pad()
    this.#expectedSlots = Math.ceil(columns.slots * 1.25)
    this.#gaveLed ||= this.#guide.jumped
    return columns
  }

  close(): void {
    this.#letAllGo()
    this.#chunk.close()
  }

  /** Rows that no page to come can add to. */
  #completeRows(): number {
    if (this.#ended) return this.#groupRows
    const last = this.#pages.at(-1)
    const mayGoOn = this.#isNested && (!last || last.header.kind === 'v1')
    return mayGoOn ? Math.max(0, this.#rowsStarted - 1) : this.#rowsStarted
  }

  /** Notes rows that are too large. Returns the end of the rows that fit the budget. */
  #measure(from: number, end: number, { rowBytes }: Budget): number {
    const sizes = sizesOfRows(this.#pages, from, end, this.leaf.column.maxDefinition)
    if (!sizes) return end
    let bytes = 0
    for (let row = from; row < end; row++) {
      const entries = sizes.entries[row - from]!
      const texts = sizes.texts[row - from]!
      const message = tooLarge(entries, texts)
      if (message !== null) {
        this.#unreadable.push({ from: row, to: row + 1, message })
        continue
      }
      bytes += entries * ENTRY_BYTES + texts
      if (bytes > rowBytes && row > from) return row
    }
    return end
  }

  #passTo(row: number): void {
    this.#unreadable = this.#unreadable.filter(({ to }) => to > row)
    let passed = 0
    while (passed < this.#pages.length - 1 && endCovered(this.#pages[passed]!) <= row) passed++
    const last = this.#pages[passed]
    if (last && passed === this.#pages.length - 1 && this.#ended && endCovered(last) <= row) passed++
    if (passed === 0) return
    for (const page of this.#pages.splice(0, passed)) letGo(page)
  }

  /**
   * Goes on to the next data page. Undefined when that is not the page to go on with, or when the pages can't be
   * followed further.
   */
  async #nextPage(from: number, eager: boolean): Promise<Page | undefined> {
    const at = this.#chunk.at
    let page: Page
    try {
      page = await this.#chunk.next(this.#rowsStarted)
    } catch (error) {
      return this.#skip(faultOf(error), at, this.#completeRows())
    }
    const { header } = page
    if (header.values > this.#valuesLeft)
      return this.#skip(
        `a page declares ${header.values} values where its column has ${this.#valuesLeft} left`,
        headerAt(page),
        0,
      )
    // A writer that adds checksums wants no damage to pass, and headers have none.
    if (header.crc !== null) {
      const sums = await this.#chunk.sums(this.#groupRows)
      if (sums.kind === 'differ') return this.#lose(sums.message, 0)
    }
    if (!this.#isNested) page.rows = header.values
    else if (header.kind === 'v2') page.rows = header.rows
    let counted = !this.#isNested || header.kind === 'v2'
    if (!eager && !counted) {
      const entry = await this.#guide.past(page, from)
      if (entry) return this.#jump(entry)
    }
    const countIn = (repetition: Uint8Array | null): void => {
      this.#countRows(page, repetition, counted)
      counted = true
      checkEntries(repetition, header.values)
    }
    if (page.fault === null && !eager && !counted) await this.#peek(page, countIn)
    if (page.fault === null && (eager || !counted)) await this.#chunk.decode(page, true, countIn)
    // Whoever only passes over the page counts its rows so.
    if (page.fault !== null && !counted) await this.#peek(page, countIn)
    if (page.fault !== null && !(counted && (await this.#knowsRows(page))))
      return this.#skip(page.fault, headerAt(page), this.#completeRows())
    if (!this.#guide.leads) {
      // Rows of other leaves show in the headers of their pages.
      if (this.#isNested) notePage(this.#map, page)
    } else if (!this.#guide.follow(page)) {
      letGo(page)
      return this.#doubt()
    }
    this.#add(page)
    return page
  }

  /** Passes over pages that hold no row that may be asked for. */
  #jump(entry: PageEntry): undefined {
    this.#letAllGo()
    return this.#goTo(entry)
  }

  /** Goes on behind a page that can't be read, where the index has it; else all from `row` on is lost. */
  async #skip(message: string, at: number, row: number): Promise<undefined> {
    if (this.#guide.jumped && !this.#gaveLed) return this.#doubt()
    const first = this.#rowsStarted
    const next = this.#isNested ? await this.#guide.over(at, first) : null
    if (!next) return this.#lose(message, row)
    this.#unreadable.push({ from: first, to: next.firstRow, message })
    return this.#goTo(next)
  }

  #goTo({ offset, firstRow, valuesBefore }: PageEntry): undefined {
    this.#chunk.seek(offset)
    this.#rowsStarted = firstRow
    this.#valuesLeft = this.#values - valuesBefore
    if (this.#valuesLeft === 0) this.#ended = true
    return undefined
  }

  /** The index is wrong. Walks from the start, unless rows were given by it: those can't be taken back. */
  #doubt(): undefined {
    if (!this.#guide.jumped || this.#gaveLed)
      return this.#lose(
        'the page index of the column does not agree with its pages: which rows are which is not known',
        0,
      )
    this.#guide.dismiss()
    this.#letAllGo()
    this.#unreadable = []
    this.#chunk.rewind()
    this.#rowsStarted = 0
    this.#valuesLeft = this.#values
    return undefined
  }

  #letAllGo(): void {
    for (const page of this.#pages) letGo(page)
    this.#pages = []
  }

  /** Counts a page's rows by the beginning of its body, where that can be had by itself. */
  async #peek(page: Page, countIn: (repetition: Uint8Array) => void): Promise<void> {
    try {
      const repetition = await this.#chunk.peek(page)
      if (repetition) countIn(repetition)
    } catch (error) {
      page.fault ??= faultOf(error)
    }
  }

  #add(page: Page): void {
    if (page.firstRow + page.rows > this.#groupRows) {
      letGo(page)
      this.#lose(`the column has more than the ${this.#groupRows} rows of its row group`, 0)
      return
    }
    this.#pages.push(page)
    this.#rowsStarted += page.rows
    this.#valuesLeft -= page.header.values
    if (this.#valuesLeft > 0) return
    if (this.#rowsStarted === this.#groupRows) this.#ended = true
    else this.#lose(`the column ends after ${this.#rowsStarted} of ${this.#groupRows} rows`, 0)
  }

  /** Whether a damaged page has the rows that it says, so that those after it have their right places. */
  async #knowsRows(page: Page): Promise<boolean> {
    if (page.confirmed || (await this.#chunk.sums(this.#groupRows)).kind === 'agree') return true
    return this.#isNested && (await this.#guide.confirms(page))
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
    page.confirmed = page.header.crc !== null && this.leaf.column.maxDefinition > 0
  }

  /**
   * From `row` on it is not known which row is which; from 0 on when it shows only at the end that some page had
   * more or fewer rows than it said. Rows that were given before can't be taken back.
   */
  #lose(message: string, row: number): undefined {
    if (!this.#lost || row < this.#lost.row) this.#lost = { row, message }
    this.#ended = true
    return undefined
  }

  get #isNested(): boolean {
    return this.leaf.column.maxRepetition > 0
  }
}
