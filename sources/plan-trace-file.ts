import { existsSync } from 'node:fs'
import type { Struct } from '../pipeline/batch/schema.ts'
import { SourceError } from '../pipeline/errors.ts'
import type { SourceFile } from '../pipeline/graph/source.ts'
import { detectFormat, type FileFormat, formatOf, HEAD_BYTES } from './files/file-format.ts'
import type { Hub } from './hub/hub.ts'
import type { HubPlace } from './hub/hub-place.ts'
import { orOnceMore } from './hub/spool.ts'
import type { LineStart } from './jsonl/lines.ts'
import { storedOnDisk } from './jsonl/open-bytes.ts'
import { planLines } from './jsonl/plan-lines.ts'
import { NoTracesError } from './no-traces-error.ts'
import type { ByteSource } from './parquet/byte-source.ts'
import { readMetadata } from './parquet/file-metadata.ts'
import { openLocalFile } from './parquet/local-file.ts'
import { planBundles, type RowSpan } from './parquet/plan-bundles.ts'
import { resolveSchema } from './parquet/schema-resolution.ts'
import type { Place } from './place.ts'
import { MESSAGE_NAMES, requireMessages } from './require-messages.ts'
import type { TraceFile } from './trace-file.ts'

export interface FileRequest {
  /** rows that are still wanted; the bounds of bundles don't depend on it */
  readonly limit: number
  /** what is read of a row */
  readonly schema: Struct
  /** a folder for copies of files on the Hub */
  readonly spool: string
  /** files on the Hub are copied, and their bytes held against what was published, before they are read */
  readonly verifyWhole: boolean
  readonly hub: () => Promise<Hub>
  readonly signal: AbortSignal
}

/** A file that holds traces, and how its rows are cut into bundles. */
export interface PlannedFile {
  readonly file: SourceFile
  /** commit of the dataset; null for files of one's own */
  readonly revision: string | null
  /** null for where its name says */
  readonly place: Place | null
  readonly spans: readonly Span[]
}

export interface PassedOver {
  readonly file: string
  readonly why: string
}

type Span = RowSpan & { readonly start?: LineStart }

/** What was found out about a file. */
type Found = Pick<SourceFile, 'format' | 'unreadBytes' | 'spooled'> & Pick<PlannedFile, 'place' | 'spans'>

/** What a file holds, or why it is passed over. Throws SourceError for what is damaged, or was asked for by name. */
export async function planTraceFile(
  trace: TraceFile,
  request: FileRequest,
): Promise<PlannedFile | PassedOver> {
  const { name, named, bytes, dataset, path } = trace
  try {
    const found = path === null ? await planRemote(trace, request) : await planLocal(name, path, request)
    if ('why' in found) return passedOver(trace, found.why)
    const { place, spans, ...file } = found
    const rows = spans.reduce((sum, span) => sum + span.rows, 0)
    const published = dataset && {
      sha256: dataset.sha256,
      gitSha1: dataset.gitSha1,
      onDisk: dataset.onDisk,
    }
    return {
      file: { file: name, rows, bytes, ...file, ...(published && { published }) },
      revision: dataset?.commit ?? null,
      place,
      spans,
    }
  } catch (error) {
    if (named || !(error instanceof NoTracesError)) throw error
    return { file: name, why: `it holds no traces: ${error.why}` }
  }
}

/** Throws SourceError when the file was asked for by name. */
function passedOver({ name, named }: TraceFile, why: string): PassedOver {
  if (named) throw new SourceError(`${name} can't be read: ${why}`, { where: { file: name } })
  return { file: name, why }
}

type NotFound = Extract<FileFormat, { kind: 'other' }>

async function planLocal(
  name: string,
  path: string,
  { schema, limit, signal }: FileRequest,
): Promise<Found | NotFound> {
  const format = detectFormat(path)
  const place: Place | null = path === name ? null : { kind: 'disk', path }
  if (format.kind === 'parquet')
    return { format: 'parquet', place, ...(await planParquet(openLocalFile(path), name, schema)) }
  if (format.kind === 'other') return format
  const lines = { file: name, compression: format.compression, stored: storedOnDisk(path) }
  return { format: 'jsonl', place, spans: await planLines(lines, MESSAGE_NAMES, limit, signal) }
}

/** Names that files with traces have; of others on the Hub not a byte is fetched to see what they hold. */
export const LIKELY_NAME = /\.(?:parquet|jsonl|ndjson|json|gz|zst)$/i

async function planRemote(
  { name, dataset }: TraceFile,
  { hub: openHub, schema, limit, spool, verifyWhole, signal }: FileRequest,
): Promise<Found | NotFound> {
  if (!LIKELY_NAME.test(name)) return { kind: 'other', why: 'it is not named like Parquet or JSON lines' }
  const hub = await openHub()
  const direct = await hub.locate(dataset!, spool, signal)
  const copied: HubPlace = { ...direct, isCopied: true }
  const format: FileFormat = name.endsWith('.parquet')
    ? { kind: 'parquet' }
    : formatOf(await beginning(hub.reads.open(direct, signal)))
  if (format.kind === 'other') return format
  if (format.kind === 'parquet') {
    const planned = await planParquet(hub.reads.open(direct, signal), name, schema)
    // A copy is made when it is read: those of all files together might not fit on the disk.
    if (verifyWhole) return { format: 'parquet', place: copied, spooled: copied.copy!, ...planned }
    return { format: 'parquet', place: direct, ...planned }
  }
  // All of its lines are to be counted and later read: a copy spares fetching them twice.
  const stored = () => hub.reads.spooling(copied, signal)
  const lines = { file: name, compression: format.compression, stored }
  const most = verifyWhole ? Number.POSITIVE_INFINITY : limit
  const spans = await orOnceMore(copied.copy!, () => planLines(lines, MESSAGE_NAMES, most, signal))
  const isCopied = existsSync(copied.copy!)
  return {
    format: 'jsonl',
    place: isCopied ? copied : direct,
    spans,
    ...(isCopied && { spooled: copied.copy! }),
  }
}

/** As much of a file as tells what it holds. Closes it. */
export async function beginning(source: ByteSource): Promise<Buffer> {
  try {
    return await source.read(0, Math.min(source.size, HEAD_BYTES))
  } finally {
    await source.close()
  }
}

/** Throws NoTracesError when the file holds none, and SourceError when it is damaged. Closes the file. */
async function planParquet(
  source: ByteSource,
  file: string,
  schema: Struct,
): Promise<{ readonly spans: readonly RowSpan[]; readonly unreadBytes: number }> {
  try {
    const metadata = await readMetadata(source, file)
    requireMessages(metadata)
    const read = new Set(resolveSchema(metadata.schema, schema).leaves.map(({ column }) => column.column))
    const unread = metadata.rowGroups.flatMap(({ chunks }) => chunks.filter((_, column) => !read.has(column)))
    const unreadBytes = unread.reduce((sum, { start, end }) => sum + end - start, 0)
    return { spans: planBundles(metadata), unreadBytes }
  } finally {
    await source.close()
  }
}
