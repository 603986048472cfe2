import type { Memory } from '../../pipeline/batch/memory.ts'
import type { ByteRange, ByteSource } from './byte-source.ts'
import { ChunkWindow } from './chunk-window.ts'
import { checkSizes, decodeDataPage, decodeDictionary, firstPeek, peekRepetition } from './data-page.ts'
import type { ColumnChunk } from './file-metadata.ts'
import { type HeaderSums, sumHeaders } from './header-sums.ts'
import { countRows } from './levels.ts'
import { letGo, type Page } from './page.ts'
import { faultOf, PageError } from './page-error.ts'
import type { DataHeader, DictionaryHeader } from './page-header.ts'
import { type PageValues, releaseValues } from './page-values.ts'
import { readHeader } from './read-header.ts'
import type { PrimitiveNode } from './schema-tree.ts'

/** The pages of a column chunk, one after another, and the dictionary they share. */
export class ChunkPages {
  readonly #chunk: ColumnChunk
  readonly #column: PrimitiveNode
  readonly #memory: Memory
  readonly #source: ByteSource
  readonly #window: ChunkWindow
  /** offset of the next page's header */
  #at: number
  #dictionaryAt: { readonly header: DictionaryHeader; readonly bodyAt: number } | null = null
  #dictionary: PageValues | PageError | null = null
  #sums: HeaderSums | null = null

  constructor(chunk: ColumnChunk, column: PrimitiveNode, source: ByteSource, memory: Memory) {
    this.#chunk = chunk
    this.#column = column
    this.#memory = memory
    this.#source = source
    // What is peeked at comes along with the header before it.
    this.#window = new ChunkWindow(source, chunk.end, firstPeek(chunk.codec) ?? undefined)
    this.#at = chunk.start
  }

  /**
   * The next data page, not decoded, its rows not counted. A dictionary on the way is noted, an index is skipped.
   * Throws PageError when there is no way past what stands there.
   */
  async next(firstRow: number): Promise<Page> {
    for (;;) {
      const { header, bodyAt, next } = await readHeader(this.#window, this.#at, this.#chunk.end)
      this.#at = next
      if (header.kind === 'dictionary') this.#dictionaryAt ??= { header, bodyAt }
      else if (header.kind !== 'index') return this.#page(header, bodyAt, firstRow)
    }
  }

  /** Goes on with the data page at `offset`. The dictionary must have been passed: `next` was called before. */
  seek(offset: number): void {
    this.#at = offset
  }

  /** Starts again with the first page. */
  rewind(): void {
    this.#at = this.#chunk.start
  }

  /** Where the next page's header is. */
  get at(): number {
    return this.#at
  }

  /** How many rows start in the data page at `offset`, by its levels; null when they can't be read. */
  async rowsAt(offset: number): Promise<number | null> {
    try {
      const { header, bodyAt } = await readHeader(this.#window, offset, this.#chunk.end)
      if (header.kind === 'dictionary' || header.kind === 'index') return null
      const page = this.#page(header, bodyAt, 0)
      if (page.fault !== null) return null
      const peeked = await this.peek(page)
      if (peeked) return countRows(peeked, header.values)
      let rows: number | null = null
      await this.decode(page, false, (repetition) => {
        rows = countRows(repetition, header.values)
      })
      letGo(page)
      return rows
    } catch (error) {
      faultOf(error)
      return null
    }
  }

  /** What the headers of all pages come to, for the first who asks by a walk of its own through the chunk. */
  async sums(groupRows: number): Promise<HeaderSums> {
    this.#sums ??= await sumHeaders(this.#chunk, groupRows, this.#source)
    return this.#sums
  }

  /**
   * The repetition levels of a version 1 page by its first bytes, or by all of them where they have a checksum;
   * null when that takes decompressing it all.
   */
  async peek({ header, bodyAt }: Page): Promise<Uint8Array | null> {
    const first = firstPeek(this.#chunk.codec)
    if (header.kind !== 'v1' || first === null) return null
    for (let length = header.crc === null ? first : header.compressedBytes; ; length *= 4) {
      const body = await this.#window.bytes(bodyAt, Math.min(length, header.compressedBytes))
      const repetition = peekRepetition(header, body, this.#chunk.codec, this.#column)
      if (repetition || length >= header.compressedBytes) return repetition
    }
  }

  /** What `decode` reads of the file for pages that were passed already. */
  bodies(pages: readonly Page[]): ByteRange[] {
    const ranges = pages.map(rangeOf)
    const dictionary = this.#dictionary === null && pages.some(isCoded) ? this.#dictionaryAt : null
    return dictionary ? [rangeOf(dictionary), ...ranges] : ranges
  }

  /**
   * Decodes a page, or notes its fault. `onLevels` gets its repetition levels before the values are decoded. With
   * `goesOn` the beginning of the next page is read along.
   */
  async decode(
    page: Page,
    goesOn: boolean,
    onLevels: (repetition: Uint8Array | null) => void,
  ): Promise<void> {
    const { header } = page
    if (isCoded(page)) this.#dictionary ??= await this.#readDictionary()
    const take = (body: Buffer) =>
      decodeDataPage(header, body, this.#chunk.codec, this.#column, this.#memory, {
        dictionary: () => this.#words(),
        onLevels: ({ repetition }) => onLevels(repetition),
      })
    try {
      page.decoded = await this.#bodyTo(take, page, goesOn ? undefined : 0)
    } catch (error) {
      page.fault = faultOf(error)
    }
  }

  close(): void {
    if (this.#dictionary && !(this.#dictionary instanceof PageError)) releaseValues(this.#dictionary)
    this.#dictionary = null
  }

  #page(header: DataHeader, bodyAt: number, firstRow: number): Page {
    let fault: string | null = null
    try {
      checkSizes(header, this.#chunk)
    } catch (error) {
      fault = faultOf(error)
    }
    const cursor = { entry: 0, value: 0, row: firstRow - 1 }
    return {
      header,
      bodyAt,
      firstRow,
      rows: 0,
      confirmed: false,
      continues: false,
      decoded: null,
      fault,
      cursor,
    }
  }

  async #readDictionary(): Promise<PageValues | PageError | null> {
    if (!this.#dictionaryAt) return null
    const { header } = this.#dictionaryAt
    const take = (body: Buffer) =>
      decodeDictionary(header, body, this.#chunk.codec, this.#column, this.#memory)
    try {
      checkSizes(header, this.#chunk)
      return await this.#bodyTo(take, this.#dictionaryAt, 0)
    } catch (error) {
      return new PageError(`the dictionary can't be read: ${faultOf(error)}`)
    }
  }

  /** What `take` makes of a page's body. One that turns out to be damaged is fetched once more from far away. */
  async #bodyTo<T>(
    take: (body: Buffer) => T,
    { bodyAt, header }: PageSpan,
    along: number | undefined,
  ): Promise<T> {
    const body = await this.#window.bytes(bodyAt, header.compressedBytes, along)
    try {
      return take(body)
    } catch (error) {
      if (!(error instanceof PageError) || !this.#source.again) throw error
      return take(await this.#source.again(bodyAt, header.compressedBytes))
    }
  }

  #words(): PageValues | null {
    if (this.#dictionary instanceof PageError) throw this.#dictionary
    return this.#dictionary
  }
}

function isCoded({ header: { encoding } }: Page): boolean {
  return encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY'
}

/** Where a page of any kind lies. */
interface PageSpan {
  readonly bodyAt: number
  readonly header: { readonly compressedBytes: number }
}

function rangeOf({ header, bodyAt }: PageSpan): ByteRange {
  return { start: bodyAt, end: bodyAt + header.compressedBytes }
}
