import type { ColumnChunk, CompressionCodec, OffsetIndex, SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ShreddedLeaf } from '../../pipeline/shred/shredded-leaf.ts'
import type { AtomicFile } from '../atomic-file.ts'
import type { LeafPages } from './leaf-pages.ts'

/** A row group is written at the first end of a bundle at or past so many uncompressed bytes; till then it is held. */
const ROW_GROUP_BYTES = 64 << 20

export interface NestedFileOptions {
  readonly schema: SchemaElement[]
  readonly leaves: readonly ShreddedLeaf[]
  readonly codec: CompressionCodec
}

/** A Parquet file that grows by bundles of encoded pages. */
export class NestedFile {
  readonly file: AtomicFile
  readonly #options: NestedFileOptions
  /** for magic bytes, page indexes and the footer; pages go straight to the file */
  readonly #frame = new ByteWriter()
  readonly #writer: ParquetWriter
  /** bundles of the next row group, by leaf */
  #held: (readonly LeafPages[])[] = []
  #heldRows = 0
  #heldBytes = 0

  constructor(file: AtomicFile, options: NestedFileOptions) {
    this.file = file
    this.#options = options
    const { schema, codec } = options
    this.#writer = new ParquetWriter({ writer: this.#frame, schema, codec, createdBy: 'trace-sluice' })
  }

  /** Written and held so far, without the footer. */
  get bytes(): number {
    return this.file.bytes + this.#held.flat().reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  async append(bundle: readonly LeafPages[], rows: number): Promise<void> {
    this.#held.push(bundle)
    this.#heldRows += rows
    this.#heldBytes += bundle.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0)
    if (this.#heldBytes >= ROW_GROUP_BYTES) await this.#writeRowGroup()
  }

  /** Writes what is held, and the footer. */
  async complete(): Promise<void> {
    if (this.#heldRows > 0) await this.#writeRowGroup()
    this.#frame.offset = this.file.bytes
    this.#writer.finish()
    await this.#drain(0)
  }

  async #writeRowGroup(): Promise<void> {
    await this.#drain(this.#heldRows)
    const start = this.file.bytes
    const columns: ColumnChunk[] = []
    for (const [position, leaf] of this.#options.leaves.entries()) {
      const bundles = this.#held.map((bundle) => bundle[position]!)
      const chunk = this.#chunk(leaf, bundles)
      columns.push(chunk)
      const offsetIndex = indexPages(bundles, this.file.bytes)
      this.#writer.pendingIndexes.push({ chunk, offsetIndex })
      for (const { bytes } of bundles) await this.file.append(bytes, 0)
    }
    this.#writer.row_groups.push({
      columns,
      total_byte_size: BigInt(this.#heldBytes),
      num_rows: BigInt(this.#heldRows),
      total_compressed_size: BigInt(this.file.bytes - start),
    })
    this.#writer.num_rows += BigInt(this.#heldRows)
    this.#held = []
    this.#heldRows = 0
    this.#heldBytes = 0
  }

  /** The next column chunk, which begins where the file ends. */
  #chunk({ kind, path }: ShreddedLeaf, bundles: readonly LeafPages[]): ColumnChunk {
    const sum = (count: (pages: LeafPages) => number): bigint =>
      BigInt(bundles.reduce((total, pages) => total + count(pages), 0))
    const offset = BigInt(this.file.bytes)
    return {
      file_offset: offset,
      meta_data: {
        type: PHYSICAL_TYPES[kind],
        encodings: ['PLAIN', 'RLE'],
        path_in_schema: [...path],
        codec: this.#options.codec,
        num_values: sum(({ values }) => values),
        total_uncompressed_size: sum(({ uncompressedBytes }) => uncompressedBytes),
        total_compressed_size: sum(({ bytes }) => bytes.length),
        data_page_offset: offset,
        statistics: { null_count: sum(({ nulls }) => nulls) },
      },
    }
  }

  async #drain(rows: number): Promise<void> {
    await this.file.append(this.#frame.getBytes(), rows)
    this.#frame.index = 0
  }
}

const PHYSICAL_TYPES = { string: 'BYTE_ARRAY', number: 'INT64', boolean: 'BOOLEAN' } as const

function indexPages(bundles: readonly LeafPages[], start: number): OffsetIndex {
  let offset = start
  let row = 0
  const page_locations = bundles
    .flatMap(({ pages }) => pages)
    .map(({ bytes, rows }) => {
      const location = {
        offset: BigInt(offset),
        compressed_page_size: bytes,
        first_row_index: BigInt(row),
      }
      offset += bytes
      row += rows
      return location
    })
  return { page_locations }
}
