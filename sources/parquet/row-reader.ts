import type { Origin, RowBatchContent } from '../../pipeline/batch/batch.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import type { Struct } from '../../pipeline/batch/schema.ts'
import { SourceError } from '../../pipeline/errors.ts'
import type { ByteSource } from './byte-source.ts'
import type { ColumnChunk, FileMetadata, RowGroup } from './file-metadata.ts'
import { joinColumns } from './join-columns.ts'
import { emptyMap, type PageMap } from './page-map.ts'
import { RowGroupReader } from './row-group-reader.ts'
import { type Resolution, resolveSchema } from './schema-resolution.ts'

/** Rows that are failures for a reason of the whole file need no pages. */
const FAILED_BATCH_ROWS = 64

export interface RowReaderOptions {
  readonly source: ByteSource
  readonly metadata: FileMetadata
  /** commit of the dataset; null for local files */
  readonly revision: string | null
  readonly memory: Memory
  /** the fields that are wanted, by the reader's names */
  readonly schema: Struct
  /** dotted paths of leaves or subtrees to read before the others; empty reads everything at once */
  readonly early: readonly string[]
}

/**
 * Reads rows of a Parquet file as columns. Reading goes on where it stopped, also across row groups; other rows
 * are found by walking the headers and levels from the start of their row group, or past pages of which it is known
 * where they are: by the file's index, or because they were walked over before.
 */
export class RowReader {
  readonly #options: RowReaderOptions
  readonly #resolution: Resolution
  #current: RowGroupReader | null = null
  /** the row group that was read last, and its maps: those of a whole file might be many */
  #mapped: RowGroup | null = null
  readonly #maps = new Map<ColumnChunk, PageMap>()
  /** what was read a second time because rows of it could not be read */
  #readAgain: RowGroup | null = null
  /** the first row that the current row group's reader has not passed */
  #next = 0

  constructor(options: RowReaderOptions) {
    this.#options = options
    this.#resolution = resolveSchema(options.metadata.schema, options.schema)
  }

  /**
   * Contents of batches that hold `rows` rows from `firstRow`, which the file must have. Rows up to `until` will be
   * asked for after them, by this reader or others of the file.
   */
  async *read(
    firstRow: number,
    rows: number,
    signal: AbortSignal,
    until = firstRow + rows,
  ): AsyncGenerator<RowBatchContent> {
    const { metadata, revision } = this.#options
    const end = firstRow + rows
    if (end > metadata.rows)
      throw new SourceError(
        `${metadata.file} has ${metadata.rows} rows, fewer than when the run was planned`,
        {
          where: { file: metadata.file },
        },
      )
    for (let row = firstRow; row < end; ) {
      signal.throwIfAborted()
      const origin = { file: metadata.file, revision, firstRow: row }
      const content = await this.#batch(row, end, until, origin, signal)
      row += content.length
      yield content
    }
  }

  close(): void {
    this.#current?.close()
    this.#current = null
  }

  async #batch(
    row: number,
    end: number,
    until: number,
    origin: Origin,
    signal: AbortSignal,
  ): Promise<RowBatchContent> {
    const mismatch = this.#resolution.mismatches[0]
    if (mismatch) return this.#failed(Math.min(FAILED_BATCH_ROWS, end - row), origin, mismatch)
    const reader = this.#readerAt(row)
    const { firstRow, rows } = reader.group
    reader.expect(Math.min(until - firstRow, rows))
    // Until the batch is there nobody knows how far its leaves went.
    this.#next = Number.POSITIVE_INFINITY
    const content = await reader.batch(row - firstRow, Math.min(end - firstRow, rows), origin, signal)
    if (content.failures?.length && this.#forget(reader)) {
      content.release()
      return this.#batch(row, end, until, origin, signal)
    }
    this.#next = row + content.length
    return content
  }

  /**
   * Whether rows that can't be read are to be read again: those of a source that is far away, where headers and levels
   * may have been damaged on the way, once in a row group. All that is held of it is forgotten, so no batch before may
   * still need it.
   */
  #forget({ group, isIdle }: RowGroupReader): boolean {
    const { source } = this.#options
    if (!source.again || !isIdle || this.#readAgain === group) return false
    this.#readAgain = group
    this.close()
    this.#maps.clear()
    source.forget?.()
    return true
  }

  #readerAt(row: number): RowGroupReader {
    const group = groupOf(this.#options.metadata.rowGroups, row)
    if (this.#mapped !== group) this.#maps.clear()
    this.#mapped = group
    if (this.#current && (this.#current.group !== group || row < this.#next)) this.close()
    const maps = (chunk: ColumnChunk): PageMap => this.#mapOf(chunk)
    this.#current ??= new RowGroupReader({ ...this.#options, group, maps, resolution: this.#resolution })
    return this.#current
  }

  #mapOf(chunk: ColumnChunk): PageMap {
    const map = this.#maps.get(chunk) ?? emptyMap()
    this.#maps.set(chunk, map)
    return map
  }

  #failed(
    length: number,
    origin: Origin,
    { path, message }: Resolution['mismatches'][number],
  ): RowBatchContent {
    const { columns } = joinColumns(this.#options.schema, length, [])
    const failures = Array.from({ length }, (_, row) => ({ row, field: path, message }))
    return { length, origin, columns, failures, release: () => {} }
  }
}

function groupOf(groups: readonly RowGroup[], row: number): RowGroup {
  return groups.find(({ firstRow, rows }) => row < firstRow + rows)!
}
