import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import type { Cell } from '../batch/columns.ts'
import { UsageError } from '../errors.ts'
import type { Receipt } from '../graph/sink.ts'

/** A row of a table that a run wrote; 64-bit integers as numbers. */
export type TableRow = Readonly<Record<string, Cell>>

/** The tables that every run writes. */
export type TableName = 'ledger' | 'analysis'

interface ReadOptions {
  readonly columns?: readonly string[]
  /** the first rows only */
  readonly limit?: number
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
  async rows(table: TableName, { columns, limit }: ReadOptions = {}): Promise<TableRow[]> {
    const rows: TableRow[] = []
    for (const name of filesOf(this.directory, table)) {
      const left = limit === undefined ? undefined : limit - rows.length
      if (left === 0) break
      const read = await parquetReadObjects({
        file: await asyncBufferFromFile(path.join(this.directory, table, name)),
        compressors,
        ...(columns && { columns: [...columns] }),
        ...(left !== undefined && { rowStart: 0, rowEnd: left }),
      })
      for (const row of read) rows.push(row as TableRow)
    }
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, cell]) => [name, typeof cell === 'bigint' ? Number(cell) : cell]),
      ),
    )
  }
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
