import type { ByteSource } from '../parquet/byte-source.ts'
import type { ColumnChunk } from '../parquet/file-metadata.ts'
import { PageError } from '../parquet/page-error.ts'
import { parsePageHeader } from '../parquet/page-header.ts'

/** Enough for a page's header with short statistics. */
const HEADER_BYTES = 512

/** Whether the first page of a chunk has a checksum, as all of a file's pages do or don't. Null when it can't be told. */
export async function hasChecksum(source: ByteSource, { start, end }: ColumnChunk): Promise<boolean | null> {
  try {
    const header = parsePageHeader(await source.read(start, Math.min(HEADER_BYTES, end - start)))
    return header && header.crc !== null
  } catch (error) {
    if (error instanceof PageError) return null
    throw error
  }
}
