import parquetjs, { type ParquetWriter } from 'parquetjs-lite'
import { z } from 'zod'
import type { Cell, ColumnType } from '../pipeline/batch/columns.ts'
import type { SinkBundle, SinkContext, SinkWriter } from '../pipeline/graph/sink.ts'
import { defineSink } from '../pipeline/graph/write.ts'
import { AtomicFile, publishAll } from './atomic-file.ts'
import { checkCells, type TableColumns, tableColumns } from './table-column.ts'

const options = z.strictObject({
  columns: tableColumns,
  directory: z.string().default('table'),
  prefix: z.string().default('trajectories'),
  compression: z.enum(['snappy', 'gzip', 'none']).default('snappy'),
})

type Options = z.output<typeof options>

const ROW_GROUP_ROWS = 4_096

const CODECS = { snappy: 'SNAPPY', gzip: 'GZIP', none: 'UNCOMPRESSED' } as const

const FIELD_TYPES = {
  int32: 'INT32',
  int64: 'INT64',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'UTF8',
} as const satisfies Record<ColumnType, string>

/**
 * The rows' columns as a plain flat Parquet file by parquetjs-lite, an implementation other than the analysis
 * table's. It writes a few thousand rows a second. A double that is not a number is written as null: the library
 * refuses it.
 */
export const writeFlatTable = defineSink({
  module: import.meta.url,
  name: 'writeFlatTable',
  options,
  columns: ({ columns }) => Object.keys(columns),
  async open(parsed, context: SinkContext) {
    const path = `${parsed.directory}/${parsed.prefix}-00000.parquet`
    return new FlatTable(parsed, await AtomicFile.open(context, path))
  },
})

class FlatTable implements SinkWriter {
  readonly #columns: TableColumns
  readonly #file: AtomicFile
  readonly #writer: ParquetWriter
  /** bytes that the library has handed out and the file has not got yet */
  #pending: Uint8Array[] = []

  constructor({ columns, compression }: Options, file: AtomicFile) {
    this.#columns = columns
    this.#file = file
    const fields = Object.entries(columns).map(([name, { type }]) => [
      name,
      // the library orders texts by UTF-16 units, so its minima and maxima can be wrong
      { type: FIELD_TYPES[type], optional: true, compression: CODECS[compression], statistics: false },
    ])
    const schema = new parquetjs.ParquetSchema(Object.fromEntries(fields))
    // It forgets to wait for some of its writes, so bytes are gathered here and written where we do wait.
    const gather = async (bytes: Uint8Array) => {
      this.#pending.push(bytes)
    }
    const sizes = { rowGroupSize: ROW_GROUP_ROWS, pageSize: ROW_GROUP_ROWS }
    const envelope = new parquetjs.ParquetEnvelopeWriter(schema, gather, async () => {}, 0, sizes)
    this.#writer = new parquetjs.ParquetWriter(schema, envelope, sizes)
    this.#writer.setMetadata('columns', JSON.stringify(columns))
  }

  async write(bundle: SinkBundle): Promise<void> {
    const columns = Object.entries(this.#columns).map(([name, { type }]) => {
      const cells = bundle.column(name)
      checkCells(cells, type, name)
      return { name, cells }
    })
    for (let row = 0; row < bundle.rows; row++)
      await this.#writer.appendRow(
        Object.fromEntries(columns.map(({ name, cells }) => [name, withoutNaN(cells[row]!)])),
      )
    await this.#drain(bundle.rows)
  }

  commit() {
    return publishAll([this.#file], async () => {
      await this.#writer.close()
      await this.#drain(0)
    })
  }

  abort(): Promise<void> {
    return this.#file.remove()
  }

  async #drain(rows: number): Promise<void> {
    const bytes = Buffer.concat(this.#pending)
    this.#pending = []
    await this.#file.append(bytes, rows)
  }
}

function withoutNaN(cell: Cell): Cell {
  return Number.isNaN(cell) ? null : cell
}
