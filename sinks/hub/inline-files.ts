import { UsageError } from '../../pipeline/errors.ts'
import type { PushFile } from './finished-output.ts'

/** The Hub takes smaller files within the request for the commit, but for those that it knows to be no text. */
const LARGE_BYTES = 10 << 20
const NEVER_INLINE = /\.(parquet|gz|zst)$/
/** The request is one text in memory, and the Hub takes none without end. */
const MOST_BYTES = 100 << 20

/** Throws UsageError when so many small files are to be pushed that one commit can't carry them. */
export function refuseTooManyInline(files: readonly PushFile[]): void {
  const bytes = files
    .filter(({ path, size }) => size < LARGE_BYTES && !NEVER_INLINE.test(path))
    .reduce((sum, { size }) => sum + size, 0)
  if (bytes > MOST_BYTES)
    throw new UsageError(
      `one commit carries at most ${MOST_BYTES >> 20} MiB of files smaller than ${LARGE_BYTES >> 20} MiB, and these are ${Math.ceil(bytes / 2 ** 20)}: run again with larger shards (--shard-bytes), as Parquet, or with --compression zstd`,
    )
}
