import { z } from 'zod'
import { type Batch, RowBatch, type RowBatchContent } from '../pipeline/batch/batch.ts'
import { project } from '../pipeline/batch/schema.ts'
import { SourceError } from '../pipeline/errors.ts'
import { defineSource } from '../pipeline/graph/read.ts'
import type { Bundle, ReadRequest, Source, SourceFile, SourcePlan } from '../pipeline/graph/source.ts'
import { NO_TRAFFIC, type Traffic } from '../pipeline/graph/traffic.ts'
import { traceSchema } from '../transforms/trace-schema.ts'
import type { TraceRow } from '../transforms/trajectory.ts'
import { detectFormat } from './files/file-format.ts'
import type { Hub, HubPlace } from './hub/hub.ts'
import { inOrder } from './in-order.ts'
import { LineReader } from './jsonl/line-reader.ts'
import type { LineStart } from './jsonl/lines.ts'
import { planLines } from './jsonl/plan-lines.ts'
import { NoTracesError } from './no-traces-error.ts'
import type { ByteSource } from './parquet/byte-source.ts'
import { readMetadata } from './parquet/file-metadata.ts'
import { openLocalFile } from './parquet/local-file.ts'
import { planBundles, type RowSpan } from './parquet/plan-bundles.ts'
import { RowReader } from './parquet/row-reader.ts'
import { resolveSchema } from './parquet/schema-resolution.ts'
import { listTraceFiles, type TraceFile } from './trace-file.ts'

const options = z.object({
  /** files, directories, globs, and datasets on the Hub (`hf://datasets/…`) */
  from: z.array(z.string()).min(1),
})

/** Reads traces from Parquet files, on disk or on the Hub, and files of JSON lines, in any mix. */
export const readTraces = defineSource<TraceRow, typeof options>({
  module: import.meta.url,
  name: 'readTraces',
  options,
  schema: traceSchema,
  open: ({ from }) => new TraceSource(from),
})

/** Where the bytes of a bundle's file are, if not where its name says. */
type Place = { readonly kind: 'disk'; readonly path: string } | HubPlace

/** A bundle of JSON lines says where it starts, so that nobody has to count lines again. */
type TraceBundle = Bundle & { readonly start?: LineStart; readonly place?: Place }

/** What a file's rows are read with. */
interface OpenFile {
  readonly file: string
  readonly request: ReadRequest
  read(bundle: TraceBundle, signal: AbortSignal): AsyncIterable<RowBatchContent>
  close(): Promise<void> | void
}

class TraceSource implements Source<TraceRow> {
  readonly #from: readonly string[]
  /** the file that was read last: its next bundle goes on there */
  #open: OpenFile | null = null
  /** made when the Hub is first spoken to: most runs never load it */
  #loading: Promise<Hub> | null = null
  #loaded: Hub | null = null

  constructor(from: readonly string[]) {
    this.#from = from
  }

  async plan({ limit, signal }: { limit: number | null; signal: AbortSignal }): Promise<SourcePlan> {
    const list = await listTraceFiles(this.#from, this.#hub, signal)
    const ignored = [...list.ignored]
    const files: SourceFile[] = []
    const bundles: TraceBundle[] = []
    let left = limit ?? Number.POSITIVE_INFINITY
    // With a limit, nobody knows how many files it takes; and what is on the disk is there at once.
    const ahead = limit === null && list.files.some(({ path }) => path === null) ? PLANNED_AHEAD : 1
    const wanted = limit === 0 ? [] : list.files
    for await (const planned of inOrder(wanted, ahead, (file) => this.#planFile(file, left, signal))) {
      signal.throwIfAborted()
      if (!('spans' in planned)) {
        ignored.push(planned)
        continue
      }
      const { file, format, place, spans } = planned
      const revision = file.dataset?.commit ?? null
      let rows = 0
      for (const span of spans) {
        const taken = Math.min(span.rows, left)
        if (taken === 0) break
        const bytes = Math.round((span.bytes * taken) / span.rows)
        const bundle = { index: bundles.length, file: file.name, revision, ...span, rows: taken, bytes }
        bundles.push(place ? { ...bundle, place } : bundle)
        rows += taken
        left -= taken
      }
      const { name, bytes, dataset } = file
      files.push({
        file: name,
        rows,
        bytes,
        format,
        ...(dataset && { published: { sha256: dataset.sha256, onDisk: dataset.onDisk } }),
      })
      if (left === 0) break
    }
    if (files.length === 0 && limit !== 0) throw nothingToRead(this.#from, ignored)
    return { bundles, files, ignored }
  }

  /** What a file holds, or why it is passed over. Throws SourceError for what is damaged, or was asked for by name. */
  async #planFile(
    file: TraceFile,
    limit: number,
    signal: AbortSignal,
  ): Promise<PlannedFile | SourcePlan['ignored'][number]> {
    const { name, named, path, dataset } = file
    if (path === null && !name.endsWith('.parquet'))
      return passedOver(
        file,
        'only Parquet is read from the Hub as it is: fetch it first, and read it from the disk',
      )
    try {
      if (path !== null) {
        const format = detectFormat(path)
        if (format.kind === 'other') return passedOver(file, format.why)
        const spans =
          format.kind === 'parquet'
            ? await planParquet(openLocalFile(path), name)
            : await planLines(path, format.compression, MESSAGE_NAMES, limit, signal)
        const place: Place | null = path === name ? null : { kind: 'disk', path }
        return { file, format: format.kind, place, spans }
      }
      const hub = await this.#hub()
      const place = await hub.locate(dataset!, signal)
      const spans = await planParquet(hub.open(place, signal), name)
      return { file, format: 'parquet', place, spans }
    } catch (error) {
      if (named || !(error instanceof NoTracesError)) throw error
      return { file: name, why: `it holds no traces: ${error.why}` }
    }
  }

  async *read(bundle: Bundle, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Batch<TraceRow>> {
    const open = await this.#openFor(bundle, request, signal)
    const { memory, layout } = request
    for await (const content of open.read(bundle, signal))
      yield new RowBatch<TraceRow>(memory, layout, content) as Batch<TraceRow>
  }

  takeTraffic(): Traffic {
    return this.#loaded?.takeTraffic() ?? NO_TRAFFIC
  }

  async close(): Promise<void> {
    await this.#closeFile()
    await this.#loaded?.close()
    this.#loading = this.#loaded = null
  }

  readonly #hub = (): Promise<Hub> => {
    this.#loading ??= import('./hub/hub.ts').then(({ Hub }) => {
      this.#loaded = new Hub()
      return this.#loaded
    })
    return this.#loading
  }

  async #closeFile(): Promise<void> {
    await this.#open?.close()
    this.#open = null
  }

  async #openFor(bundle: TraceBundle, request: ReadRequest, signal: AbortSignal): Promise<OpenFile> {
    const open = this.#open
    if (open && open.file === bundle.file && sameRequest(open.request, request)) return open
    await this.#closeFile()
    this.#open = await openFile(bundle, request, this.#hub, signal)
    return this.#open
  }
}

interface PlannedFile {
  readonly file: TraceFile
  readonly format: SourceFile['format']
  readonly place: Place | null
  readonly spans: readonly Span[]
}

/** Files whose footers are asked for at once. */
const PLANNED_AHEAD = 8

/** Throws SourceError when the file was asked for by name. */
function passedOver({ name, named }: TraceFile, why: string): SourcePlan['ignored'][number] {
  if (named) throw new SourceError(`${name} can't be read: ${why}`, { where: { file: name } })
  return { file: name, why }
}

const MESSAGE_NAMES = ['messages', ...(traceSchema.fields.messages?.aliases ?? [])]

type Span = RowSpan & { readonly start?: LineStart }

/** Throws NoTracesError when the file holds none, and SourceError when it is damaged. Closes the file. */
async function planParquet(source: ByteSource, file: string): Promise<readonly RowSpan[]> {
  try {
    const metadata = await readMetadata(source, file)
    const { leaves, mismatches } = resolveSchema(metadata.schema, project(traceSchema, ['messages']))
    if (leaves.length > 0) return planBundles(metadata)
    const looked = MESSAGE_NAMES.map((name) => `'${name}'`).join(' or ')
    const found = listed(metadata.schema.children.map(({ name }) => name)) || 'no columns'
    const why = mismatches[0]
      ? `its column ${mismatches[0].path}: ${mismatches[0].message}`
      : `a column ${looked} with the messages is needed, found ${found}`
    throw new NoTracesError(file, why)
  } finally {
    await source.close()
  }
}

/** The first of many names are enough to see what a file is. */
const LISTED_NAMES = 8

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_NAMES
  return names.slice(0, LISTED_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

async function openFile(
  { file, revision, place }: TraceBundle,
  request: ReadRequest,
  hub: () => Promise<Hub>,
  signal: AbortSignal,
): Promise<OpenFile> {
  const { memory, layout, early } = request
  const path = place?.kind === 'disk' ? place.path : file
  if (place?.kind !== 'hub') {
    const format = detectFormat(path)
    if (format.kind === 'other')
      throw new SourceError(`${file} has changed since the run was planned: ${format.why}`, {
        where: { file },
      })
    if (format.kind === 'jsonl') {
      const { compression } = format
      const reader = new LineReader({ file: path, compression, revision, memory, schema: layout.schema })
      return {
        file,
        request,
        read: ({ firstRow, rows, start }, signal) => reader.read(firstRow, rows, start ?? null, signal),
        close: () => reader.close(),
      }
    }
  }
  const source = place?.kind === 'hub' ? (await hub()).open(place, signal) : openLocalFile(path)
  const metadata = await readMetadata(source, file)
  const reader = new RowReader({ source, metadata, revision, memory, schema: layout.schema, early })
  return {
    file,
    request,
    read: ({ firstRow, rows }, signal) => reader.read(firstRow, rows, signal),
    close: () => {
      reader.close()
      return source.close()
    },
  }
}

function sameRequest(one: ReadRequest, other: ReadRequest): boolean {
  const sameEarly =
    one.early.length === other.early.length && one.early.every((name, i) => name === other.early[i])
  return one.memory === other.memory && one.layout === other.layout && sameEarly
}

function nothingToRead(from: readonly string[], ignored: SourcePlan['ignored']): SourceError {
  const why = ignored.map(({ file, why }) => `${file}: ${why}`).join('; ')
  return new SourceError(
    `${from.join(', ')} holds no Parquet or JSONL file with traces. Passed over: ${why}`,
    {
      where: { file: from[0]! },
    },
  )
}
