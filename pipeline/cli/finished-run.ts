import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { Cell } from '../batch/columns.ts'
import { UsageError } from '../errors.ts'
import type { Receipt } from '../graph/sink.ts'

/** A row of a table that a run wrote; 64-bit integers as numbers. */
export type TableRow = Readonly<Record<string, Cell>>

/** The tables that every run writes. */
export type TableName = 'ledger' | 'analysis'

interface ReadOptions {
  /** all without it */
  readonly columns?: readonly string[]
  /** positions of the first row and of the one after the last; all rows without it */
  readonly range?: readonly [from: number, to: number]
}

const compressors = { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) }

/** What a finished run left in its folder. Throws UsageError when the folder holds none. */
export class FinishedRun {
  readonly directory: string
  /** files of the training set in the order of their rows */
  readonly trainingFiles: readonly Receipt[]

  constructor(directory: string) {
    this.directory = directory
    this.trainingFiles = readOutputs(directory).filter((receipt) => receipt.path.startsWith('data/'))
  }

  /** Rows of a table over all its files, in the order of the source. */
  async rows(
    table: TableName,
    { columns, range: [from, to] = [0, Number.POSITIVE_INFINITY] }: ReadOptions = {},
  ): Promise<TableRow[]> {
    const rows: TableRow[] = []
    let before = 0
    for (const name of filesOf(this.directory, table)) {
      const file = await asyncBufferFromFile(path.join(this.directory, table, name))
      const metadata = await parquetMetadataAsync(file)
      const length = Number(metadata.num_rows)
      const [rowStart, rowEnd] = [Math.max(0, from - before), Math.min(length, to - before)]
      before += length
      if (rowStart >= rowEnd) continue
      const read = {
        file,
        metadata,
        compressors,
        rowStart,
        rowEnd,
        ...(columns && { columns: [...columns] }),
      }
      for (const row of await parquetReadObjects(read)) rows.push(plainRow(row))
    }
    return rows
  }
}

function plainRow(row: Readonly<Record<string, Cell | bigint>>): TableRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, typeof cell === 'bigint' ? Number(cell) : cell]),
  )
}

function readOutputs(directory: string): readonly Receipt[] {
  const manifest = path.join(directory, 'manifest.json')
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { outputs: readonly Receipt[] }).outputs
  } catch (cause) {
    throw new UsageError(`${directory} holds no finished run: ${(cause as Error).message}`, { cause })
  }
}

function filesOf(directory: string, table: TableName): string[] {
  const names = readdirSync(path.join(directory, table))
  return names.filter((name) => name.endsWith('.parquet')).sort()
}
