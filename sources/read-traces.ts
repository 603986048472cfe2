import { statSync } from 'node:fs'
import { z } from 'zod'
import { type Batch, RowBatch, type RowBatchContent } from '../pipeline/batch/batch.ts'
import { project } from '../pipeline/batch/schema.ts'
import { SourceError } from '../pipeline/errors.ts'
import { defineSource } from '../pipeline/graph/read.ts'
import type { Bundle, ReadRequest, Source, SourceFile, SourcePlan } from '../pipeline/graph/source.ts'
import { traceSchema } from '../transforms/trace-schema.ts'
import type { TraceRow } from '../transforms/trajectory.ts'
import { detectFormat, type FileFormat } from './files/file-format.ts'
import { listFiles } from './files/list-files.ts'
import { LineReader } from './jsonl/line-reader.ts'
import type { LineStart } from './jsonl/lines.ts'
import { planLines } from './jsonl/plan-lines.ts'
import { NoTracesError } from './no-traces-error.ts'
import { readMetadata } from './parquet/file-metadata.ts'
import { openLocalFile } from './parquet/local-file.ts'
import { planBundles, type RowSpan } from './parquet/plan-bundles.ts'
import { RowReader } from './parquet/row-reader.ts'
import { resolveSchema } from './parquet/schema-resolution.ts'

const options = z.object({
  /** files, directories and globs */
  from: z.array(z.string()).min(1),
})

/** Reads traces from Parquet files and files of JSON lines, in any mix. */
export const readTraces = defineSource<TraceRow, typeof options>({
  module: import.meta.url,
  name: 'readTraces',
  options,
  schema: traceSchema,
  open: ({ from }) => new TraceSource(from),
})

/** A bundle of JSON lines says where it starts, so that nobody has to count lines again. */
type TraceBundle = Bundle & { readonly start?: LineStart }

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

  constructor(from: readonly string[]) {
    this.#from = from
  }

  async plan({ limit, signal }: { limit: number | null; signal: AbortSignal }): Promise<SourcePlan> {
    const list = listFiles(this.#from)
    const ignored = [...list.ignored]
    const files: SourceFile[] = []
    const bundles: TraceBundle[] = []
    let left = limit ?? Number.POSITIVE_INFINITY
    for (const file of list.files) {
      if (left === 0) break
      signal.throwIfAborted()
      const format = detectFormat(file)
      if (format.kind === 'other') {
        if (list.named.has(file))
          throw new SourceError(`${file} can't be read: ${format.why}`, { where: { file } })
        ignored.push({ file, why: format.why })
        continue
      }
      const spans = await planFile(file, format, left, signal).catch((error: unknown) => {
        if (list.named.has(file) || !(error instanceof NoTracesError)) throw error
        ignored.push({ file, why: `it holds no traces: ${error.why}` })
        return null
      })
      if (!spans) continue
      let rows = 0
      for (const span of spans) {
        const taken = Math.min(span.rows, left)
        if (taken === 0) break
        const bytes = Math.round((span.bytes * taken) / span.rows)
        bundles.push({ index: bundles.length, file, revision: null, ...span, rows: taken, bytes })
        rows += taken
        left -= taken
      }
      files.push({ file, rows, bytes: statSync(file).size, format: format.kind })
    }
    if (files.length === 0 && limit !== 0) throw nothingToRead(this.#from, ignored)
    return { bundles, files, ignored }
  }

  async *read(bundle: Bundle, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Batch<TraceRow>> {
    const open = await this.#openFor(bundle, request)
    const { memory, layout } = request
    for await (const content of open.read(bundle, signal))
      yield new RowBatch<TraceRow>(memory, layout, content) as Batch<TraceRow>
  }

  async close(): Promise<void> {
    await this.#open?.close()
    this.#open = null
  }

  async #openFor({ file, revision }: Bundle, request: ReadRequest): Promise<OpenFile> {
    const open = this.#open
    if (open && open.file === file && sameRequest(open.request, request)) return open
    await this.close()
    this.#open = await openFile(file, revision, request)
    return this.#open
  }
}

const MESSAGE_NAMES = ['messages', ...(traceSchema.fields.messages?.aliases ?? [])]

type Span = RowSpan & { readonly start?: LineStart }

/** Throws NoTracesError when the file holds none, and SourceError when it is damaged. */
function planFile(
  file: string,
  format: Exclude<FileFormat, { kind: 'other' }>,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Span[]> {
  return format.kind === 'parquet'
    ? planParquet(file)
    : planLines(file, format.compression, MESSAGE_NAMES, limit, signal)
}

async function planParquet(file: string): Promise<readonly RowSpan[]> {
  const source = openLocalFile(file)
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

async function openFile(file: string, revision: string | null, request: ReadRequest): Promise<OpenFile> {
  const { memory, layout, early } = request
  const format = detectFormat(file)
  if (format.kind === 'other')
    throw new SourceError(`${file} has changed since the run was planned: ${format.why}`, { where: { file } })
  if (format.kind === 'jsonl') {
    const { compression } = format
    const reader = new LineReader({ file, compression, revision, memory, schema: layout.schema })
    return {
      file,
      request,
      read: ({ firstRow, rows, start }, signal) => reader.read(firstRow, rows, start ?? null, signal),
      close: () => reader.close(),
    }
  }
  const source = openLocalFile(file)
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
