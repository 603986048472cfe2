import type { ChunkPages } from './chunk-pages.ts'
import { headerAt, type Page } from './page.ts'
import { agrees, type PageEntry, type PageIndex, pageOf, positionOf } from './page-index.ts'

/**
 * Leads the reader of a leaf over pages that hold no row it wants, by an index. From the page that it led to on,
 * each page is held against the index; the reader decides what a disagreement costs.
 */
export class PageGuide {
  readonly #read: () => Promise<PageIndex | null>
  readonly #chunk: ChunkPages
  /** undefined until somebody has to pass over pages */
  #index: PageIndex | null | undefined
  /** position in the index of the page that comes next; null while the reader walks by itself */
  #at: number | null = null
  #jumps = true
  #jumped = false

  /** `read` is called once, when the index is needed. */
  constructor(read: () => Promise<PageIndex | null>, chunk: ChunkPages) {
    this.#read = read
    this.#chunk = chunk
  }

  get leads(): boolean {
    return this.#at !== null
  }

  /** Whether pages were passed over that nobody looked at. */
  get jumped(): boolean {
    return this.#jumped
  }

  /** Leads to the page in which `row` starts. Null when that is not known, or not after `page`, which comes next. */
  async past(page: Page, row: number): Promise<PageEntry | null> {
    if (!this.#jumps || row <= page.firstRow) return null
    const index = await this.#open()
    if (!index || positionOf(index, headerAt(page), page.firstRow) === null) return null
    const at = pageOf(index, row)
    if (index.entries[at]!.offset <= headerAt(page)) return null
    this.#jumped = true
    this.#at = at
    return this.next
  }

  /** Leads over a page that can't be read. Null when the index has none at that offset with that first row. */
  async over(offset: number, firstRow: number): Promise<PageEntry | null> {
    const index = await this.#open()
    const at = index && positionOf(index, offset, firstRow)
    if (at === null) return null
    this.#at = at + 1
    return this.next
  }

  /** Whether a page has the rows that the index says. */
  async confirms(page: Page): Promise<boolean> {
    const index = await this.#open()
    const at = index && positionOf(index, headerAt(page), page.firstRow)
    return at !== null && agrees(index!, at, page)
  }

  /** Whether the page that comes next, its rows counted, is the one that the index has there. Goes on if so. */
  follow(page: Page): boolean {
    if (!agrees(this.#index!, this.#at!, page)) return false
    this.#at!++
    return true
  }

  /** What the index says of the page that comes next. */
  get next(): PageEntry {
    return this.#index!.entries[this.#at!]!
  }

  /** The reader walks from now on: where it comes by a page that can't be read, the index may still help. */
  dismiss(): void {
    this.#jumps = false
    this.#jumped = false
    this.#at = null
  }

  /**
   * An index that misses rows somewhere has all that follow in other places, to the end: so the last page is looked
   * at before anything is believed.
   */
  async #open(): Promise<PageIndex | null> {
    if (this.#index !== undefined) return this.#index
    const index = await this.#read()
    const last = index?.entries.at(-2)
    const end = index?.entries.at(-1)
    const isRight = last && end && (await this.#chunk.rowsAt(last.offset)) === end.firstRow - last.firstRow
    this.#index = isRight ? index! : null
    return this.#index
  }
}
