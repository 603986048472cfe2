import { zstdCompressSync } from 'node:zlib'
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { Cell, ColumnType } from '../../pipeline/batch/columns.ts'
import type { Receipt, SinkContext } from '../../pipeline/graph/sink.ts'
import { AtomicFile, publishAll } from '../atomic-file.ts'
import { checkCells, type TableColumns } from '../table-column.ts'

/** Rows of a row group: bounds what is held in memory. Groups don't depend on how rows came in bundles. */
const ROW_GROUP_ROWS = 10_000

export const PARQUET_COMPRESSIONS = ['zstd', 'snappy', 'none'] as const

const CODECS = { zstd: 'ZSTD', snappy: 'SNAPPY', none: 'UNCOMPRESSED' } as const

const PARQUET_TYPES: Readonly<Record<ColumnType, BasicType>> = {
  int32: 'INT32',
  int64: 'INT64',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'STRING',
}

interface TableFileOptions {
  /** relative to the output directory, with forward slashes */
  readonly path: string
  readonly columns: TableColumns
  readonly compression: (typeof PARQUET_COMPRESSIONS)[number]
}

/**
 * A flat table in Parquet, written one row group at a time; every column may be null. Types, units and docs of
 * the columns stand as JSON under the key `columns` of the file's metadata.
 */
export class TableFile {
  readonly #file: AtomicFile
  readonly #columns: TableColumns
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  #held: Record<string, Cell[]>
  #rows = 0

  private constructor(file: AtomicFile, { columns, compression }: TableFileOptions) {
    this.#file = file
    this.#columns = columns
    this.#held = emptyColumns(columns)
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({
        columnData: Object.entries(columns).map(([name, { type }]) => ({
          name,
          data: [],
          type: PARQUET_TYPES[type],
        })),
      }),
      codec: CODECS[compression],
      compressors: { ZSTD: (input) => zstdCompressSync(input) },
      kvMetadata: [{ key: 'columns', value: JSON.stringify(columns) }],
      createdBy: 'trace-sluice',
    })
  }

  static async open(context: SinkContext, options: TableFileOptions): Promise<TableFile> {
    return new TableFile(await AtomicFile.open(context, options.path), options)
  }

  /** Adds rows: `cells` answers the values of a column, one a row. Throws StepError for one of another type. */
  async append(rows: number, cells: (name: string) => readonly Cell[]): Promise<void> {
    for (const [name, { type }] of Object.entries(this.#columns)) {
      const added = cells(name)
      checkCells(added, type, name)
      const held = this.#held[name]!
      for (const cell of added) held.push(cell)
    }
    this.#rows += rows
    while (this.#rows >= ROW_GROUP_ROWS) await this.#flush(ROW_GROUP_ROWS)
  }

  commit(): Promise<readonly Receipt[]> {
    return publishAll([this.#file], async () => {
      if (this.#rows > 0) await this.#flush(this.#rows)
      this.#writer.finish()
      await this.#drain(0)
    })
  }

  abort(): Promise<void> {
    return this.#file.remove()
  }

  /** Writes the oldest held rows as a row group. */
  async #flush(rows: number): Promise<void> {
    const held = this.#held
    this.#held = emptyColumns(this.#columns)
    this.#rows -= rows
    const columnData = Object.entries(this.#columns).map(([name, { type }]) => {
      const cells = held[name]!
      this.#held[name] = cells.slice(rows)
      return { name, data: stored(cells.slice(0, rows), type) }
    })
    this.#writer.write({ columnData, rowGroupSize: rows })
    await this.#drain(rows)
  }

  async #drain(rows: number): Promise<void> {
    await this.#file.append(this.#bytes.getBytes(), rows)
    this.#bytes.index = 0
  }
}

function emptyColumns(columns: TableColumns): Record<string, Cell[]> {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, []]))
}

/** hyparquet-writer takes 64-bit integers as bigint only. */
function stored(cells: readonly Cell[], type: ColumnType): unknown[] {
  return type === 'int64' ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : [...cells]
}
