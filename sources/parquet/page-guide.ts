import type { ChunkPages } from './chunk-pages.ts'
import { headerAt, type Page } from './page.ts'
import { agrees, type PageEntry, type PageIndex, pageOf, positionOf } from './page-index.ts'
import { indexOf, type PageMap } from './page-map.ts'

/**
 * Leads the reader of a leaf over pages that hold no row it wants: by the map of pages that were walked over before,
 * or by the file's index. From the page that it led to on, each page is held against what is said of it; the reader
 * decides what a disagreement costs.
 */
export class PageGuide {
  readonly #map: PageMap
  readonly #read: () => Promise<PageIndex | null>
  readonly #chunk: ChunkPages
  /** the file's; undefined until somebody has to pass over pages */
  #index: PageIndex | null | undefined
  /** the page that comes next, by its position in an index; null while the reader walks by itself */
  #led: { readonly index: PageIndex; readonly at: number } | null = null
  #jumps = true
  #jumped = false

  /** `read` gives the file's index; it is called once, when that is needed. */
  constructor(map: PageMap, read: () => Promise<PageIndex | null>, chunk: ChunkPages) {
    this.#map = map
    this.#read = read
    this.#chunk = chunk
  }

  get leads(): boolean {
    return this.#led !== null
  }

  /** Whether pages were passed over that nobody looked at. */
  get jumped(): boolean {
    return this.#jumped
  }

  /**
   * Leads to the page in which `row` starts, or towards it. Null when nothing is known of that, or nothing after
   * `page`, which comes next.
   */
  async past(page: Page, row: number): Promise<PageEntry | null> {
    if (!this.#jumps || row <= page.firstRow) return null
    const map = indexOf(this.#map)
    const index = map && row < this.#map.end!.firstRow ? map : ((await this.#open()) ?? map)
    if (!index || positionOf(index, headerAt(page), page.firstRow) === null) return null
    const at = pageOf(index, row)
    if (index.entries[at]!.offset <= headerAt(page)) return null
    this.#jumped = true
    return this.#leadTo(index, at)
  }

  /** Leads over a page that can't be read. Null when the file has no index that has one there with that first row. */
  async over(offset: number, firstRow: number): Promise<PageEntry | null> {
    const index = await this.#open()
    const at = index && positionOf(index, offset, firstRow)
    return at === null ? null : this.#leadTo(index!, at + 1)
  }

  /** Whether a page has the rows that the file's index says. */
  async confirms(page: Page): Promise<boolean> {
    const index = await this.#open()
    const at = index && positionOf(index, headerAt(page), page.firstRow)
    return at !== null && agrees(index!, at, page)
  }

  /** Whether the next page, its rows counted, is the one that it was led to; goes on behind it if so. */
  follow(page: Page): boolean {
    const { index, at } = this.#led!
    if (!agrees(index, at, page)) return false
    this.#leadTo(index, at + 1)
    return true
  }

  /** The reader walks from now on: where it comes by a page that can't be read, the index may still help. */
  dismiss(): void {
    this.#jumps = false
    this.#jumped = false
    this.#led = null
  }

  /** From the end of what is known the reader walks. */
  #leadTo(index: PageIndex, at: number): PageEntry {
    this.#led = at < index.entries.length - 1 ? { index, at } : null
    return index.entries[at]!
  }

  /**
   * A writer that miscounts a page has all that follow in other places, to the end: so the last page is looked at
   * before anything is believed.
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
