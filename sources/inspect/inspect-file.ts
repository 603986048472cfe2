import type { Memory } from '../../pipeline/batch/memory.ts'
import { type Compression, detectFormat, type FileFormat, formatOf } from '../files/file-format.ts'
import type { Hub } from '../hub/hub.ts'
import { storedOnDisk } from '../jsonl/open-bytes.ts'
import { NoTracesError } from '../no-traces-error.ts'
import type { ByteSource } from '../parquet/byte-source.ts'
import { openLocalFile } from '../parquet/local-file.ts'
import { beginning, LIKELY_NAME } from '../plan-trace-file.ts'
import type { TraceFile } from '../trace-file.ts'
import type { FileContent } from './file-content.ts'
import { inspectLines } from './inspect-lines.ts'
import { inspectParquet } from './inspect-parquet.ts'
import { RowCounter } from './row-tally.ts'

interface Options {
  readonly hub: () => Promise<Hub>
  readonly memory: Memory
  readonly signal: AbortSignal
}

/** What became of a file. */
export type LookedAt =
  | { readonly kind: 'content'; readonly content: FileContent }
  | { readonly kind: 'other'; readonly why: string }
  | { readonly kind: 'damaged'; readonly error: string }

/** What one file holds. Throws only what is not about the file. */
export async function inspectFile(file: TraceFile, options: Options): Promise<LookedAt> {
  try {
    return await look(file, options)
  } catch (error) {
    options.signal.throwIfAborted()
    if (error instanceof NoTracesError) return { kind: 'other', why: `it holds no traces: ${error.why}` }
    return { kind: 'damaged', error: (error as Error).message }
  }
}

async function look(file: TraceFile, options: Options): Promise<LookedAt> {
  const { path, name } = file
  if (path === null) return lookRemote(file, options)
  const { memory, signal } = options
  const format = detectFormat(path)
  if (format.kind === 'other') return format
  if (format.kind === 'parquet')
    return parquet(openLocalFile(path), { file: name, memory, isRemote: false, signal })
  const lines = { file: name, compression: format.compression, stored: storedOnDisk(path) }
  return { kind: 'content', content: await inspectLines({ lines, memory, signal }) }
}

async function lookRemote({ name, dataset }: TraceFile, options: Options): Promise<LookedAt> {
  if (!LIKELY_NAME.test(name)) return { kind: 'other', why: 'it is not named like Parquet or JSON lines' }
  const { memory, signal } = options
  const hub = await options.hub()
  const place = await hub.locate(dataset!, null, signal)
  const format: FileFormat = name.endsWith('.parquet')
    ? { kind: 'parquet' }
    : formatOf(await beginning(hub.reads.open(place, signal)))
  if (format.kind === 'other') return format
  if (format.kind === 'parquet')
    return parquet(hub.reads.open(place, signal), { file: name, memory, isRemote: true, signal })
  return { kind: 'content', content: uncounted(format.compression) }
}

async function parquet(source: ByteSource, options: Parameters<typeof inspectParquet>[1]): Promise<LookedAt> {
  try {
    return { kind: 'content', content: await inspectParquet(source, options) }
  } finally {
    await source.close()
  }
}

/** JSON lines that are only on the Hub: all of such a file would have to be fetched. */
function uncounted(compression: Compression): FileContent {
  return {
    facts: {
      format: 'jsonl',
      rows: null,
      uncompressedBytes: null,
      codecs: compression === 'none' ? [] : [compression],
      rowGroups: null,
      pageIndex: null,
      checksums: null,
      firstFailure: null,
      notCounted: 'rows are not counted: all of the file would have to be fetched',
    },
    columns: null,
    tally: new RowCounter().tally(),
  }
}
