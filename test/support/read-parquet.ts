import { readFile } from 'node:fs/promises'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import type { Cell } from '../../pipeline/batch/columns.ts'

/** A Parquet file's rows by hyparquet; 64-bit integers as numbers, what is null in any depth as null. */
export async function readNested(file: string): Promise<Record<string, unknown>[]> {
  const { buffer } = Uint8Array.from(await readFile(file))
  const compressors = {
    ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes),
    GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
  }
  const rows = await parquetReadObjects({ file: buffer, compressors })
  return rows.map((row) => plain(row) as Record<string, unknown>)
}

/** A flat Parquet file's rows; 64-bit integers as numbers. */
export async function readParquet(file: string): Promise<Record<string, Cell>[]> {
  return (await readNested(file)) as Record<string, Cell>[]
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}
