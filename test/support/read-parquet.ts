import { readFile } from 'node:fs/promises'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import type { Cell } from '../../pipeline/batch/columns.ts'

/** A flat Parquet file's rows; 64-bit integers as numbers. */
export async function readParquet(file: string): Promise<Record<string, Cell>[]> {
  const { buffer } = Uint8Array.from(await readFile(file))
  const compressors = {
    ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes),
    GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
  }
  const rows = await parquetReadObjects({ file: buffer, compressors })
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)])),
  )
}

function cell(value: unknown): Cell {
  return typeof value === 'bigint' ? Number(value) : ((value ?? null) as Cell)
}
