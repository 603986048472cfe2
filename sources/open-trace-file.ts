import type { RowBatchContent } from '../pipeline/batch/batch.ts'
import { SourceError } from '../pipeline/errors.ts'
import type { ReadRequest } from '../pipeline/graph/source.ts'
import { detectFormat, formatOf } from './files/file-format.ts'
import type { HubReads } from './hub/hub-reads.ts'
import { LineReader } from './jsonl/line-reader.ts'
import { type LinesFile, storedOnDisk } from './jsonl/open-bytes.ts'
import type { ByteSource } from './parquet/byte-source.ts'
import { readMetadata } from './parquet/file-metadata.ts'
import { openLocalFile } from './parquet/local-file.ts'
import { RowReader } from './parquet/row-reader.ts'
import type { TraceBundle } from './place.ts'
import { beginning } from './plan-trace-file.ts'

/** What a file's rows are read with. */
export interface OpenFile {
  readonly file: string
  readonly request: ReadRequest
  read(bundle: TraceBundle, signal: AbortSignal): AsyncIterable<RowBatchContent>
  close(): Promise<void> | void
}

/** Opens the file of a bundle, wherever it is. Throws SourceError when it is not what it was when it was planned. */
export async function openTraceFile(
  bundle: TraceBundle,
  request: ReadRequest,
  reads: () => Promise<HubReads>,
  signal: AbortSignal,
): Promise<OpenFile> {
  const { file, place } = bundle
  if (place?.kind === 'hub' && !place.isCopied) {
    const hub = await reads()
    // Lines alone say where they start.
    if (!bundle.start) return openParquet(hub.open(place, signal), bundle, request)
    const format = formatOf(await beginning(hub.open(place, signal)))
    if (format.kind !== 'jsonl') throw changed(file)
    const stored = (start: number) => hub.stream(place, start, signal)
    return openLines({ file, compression: format.compression, stored }, bundle, request)
  }
  if (place?.kind === 'hub') await (await reads()).spool(place, signal)
  const path = place?.kind === 'hub' ? place.copy! : (place?.path ?? file)
  const format = detectFormat(path)
  if (format.kind === 'other') throw changed(file)
  if (format.kind === 'parquet') return openParquet(openLocalFile(path), bundle, request)
  return openLines({ file, compression: format.compression, stored: storedOnDisk(path) }, bundle, request)
}

function changed(file: string): SourceError {
  return new SourceError(`${file} has changed since the run was planned: it holds no rows any more`, {
    where: { file },
  })
}

function openLines(lines: LinesFile, { revision }: TraceBundle, request: ReadRequest): OpenFile {
  const { memory, layout } = request
  const reader = new LineReader({ lines, revision, memory, schema: layout.schema })
  return {
    file: lines.file,
    request,
    read: ({ firstRow, rows, start }, signal) => reader.read(firstRow, rows, start ?? null, signal),
    close: () => reader.close(),
  }
}

async function openParquet(
  source: ByteSource,
  { file, revision }: TraceBundle,
  request: ReadRequest,
): Promise<OpenFile> {
  const { memory, layout, early } = request
  const metadata = await readMetadata(source, file)
  const reader = new RowReader({ source, metadata, revision, memory, schema: layout.schema, early })
  return {
    file,
    request,
    read: ({ firstRow, rows, until }, signal) => reader.read(firstRow, rows, signal, until),
    close: () => {
      reader.close()
      return source.close()
    },
  }
}
