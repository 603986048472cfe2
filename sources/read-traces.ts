import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { type Batch, RowBatch } from '../pipeline/batch/batch.ts'
import { SourceError } from '../pipeline/errors.ts'
import { defineSource } from '../pipeline/graph/read.ts'
import type {
  Bundle,
  PlanRequest,
  ReadRequest,
  Source,
  SourceContext,
  SourceFile,
  SourcePlan,
} from '../pipeline/graph/source.ts'
import type { TrafficByFile } from '../pipeline/graph/traffic.ts'
import { traceSchema } from '../transforms/trace-schema.ts'
import type { TraceRow } from '../transforms/trajectory.ts'
import type { Hub } from './hub/hub.ts'
import type { HubReads } from './hub/hub-reads.ts'
import { inOrder } from './in-order.ts'
import { type OpenFile, openTraceFile } from './open-trace-file.ts'
import type { TraceBundle } from './place.ts'
import { planTraceFile } from './plan-trace-file.ts'
import { listTraceFiles } from './trace-file.ts'

const options = z.object({
  /** files, directories, globs, and datasets on the Hub (`hf://datasets/…`) */
  from: z.array(z.string()).min(1),
  /** files on the Hub are copied, and their bytes held against what was published, before they are read */
  verifyWhole: z.boolean().default(false),
})

/** Reads traces from Parquet files and files of JSON lines, on disk or on the Hub, in any mix. */
export const readTraces = defineSource<TraceRow, typeof options>({
  module: import.meta.url,
  name: 'readTraces',
  options,
  schema: traceSchema,
  open: (chosen, context) => new TraceSource(chosen, context),
})

/** Files whose beginnings are asked for at once. */
const PLANNED_AHEAD = 8

class TraceSource implements Source<TraceRow> {
  readonly #options: z.output<typeof options>
  readonly #context: SourceContext | undefined
  /** the file that was read last: its next bundle goes on there */
  #open: OpenFile | null = null
  /** made when the Hub is first spoken to: most runs never load it */
  #loading: Promise<Hub> | null = null
  #loaded: Hub | null = null
  /** the way to the Hub where it reads */
  #asking: Promise<{ readonly reads: HubReads; readonly close: () => void }> | null = null

  constructor(chosen: z.output<typeof options>, context?: SourceContext) {
    this.#options = chosen
    this.#context = context
  }

  async plan({ limit, layout, spool, signal }: PlanRequest): Promise<SourcePlan> {
    const { from, verifyWhole } = this.#options
    const list = await listTraceFiles(from, this.#hub, signal)
    const ignored = [...list.ignored]
    const files: SourceFile[] = []
    const bundles: TraceBundle[] = []
    let left = limit ?? Number.POSITIVE_INFINITY
    const request = { schema: layout.schema, spool, verifyWhole, hub: this.#hub, signal }
    // With a limit, nobody knows how many files it takes; and what is on the disk is there at once.
    const ahead = limit === null && list.files.some(({ path }) => path === null) ? PLANNED_AHEAD : 1
    const wanted = limit === 0 ? [] : list.files
    const plan = (file: (typeof wanted)[number]) => planTraceFile(file, { ...request, limit: left })
    for await (const planned of inOrder(wanted, ahead, plan)) {
      signal.throwIfAborted()
      if ('why' in planned) {
        ignored.push(planned)
        continue
      }
      const { file, revision, place, spans } = planned
      const all = spans.reduce((sum, span) => sum + span.rows, 0)
      const until = Math.min(all, left)
      let rows = 0
      for (const span of spans) {
        const taken = Math.min(span.rows, left)
        if (taken === 0) break
        const bytes = Math.round((span.bytes * taken) / span.rows)
        const bundle = { index: bundles.length, file: file.file, revision, ...span, rows: taken, bytes }
        bundles.push(place ? { ...bundle, place, until } : bundle)
        rows += taken
        left -= taken
      }
      files.push({ ...file, rows })
      if (left === 0) break
    }
    if (files.length === 0 && limit !== 0) throw nothingToRead(from, ignored)
    return { bundles, files, ignored }
  }

  async *read(bundle: Bundle, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Batch<TraceRow>> {
    const open = await this.#openFor(bundle, request, signal)
    const { memory, layout } = request
    for await (const content of open.read(bundle, signal))
      yield new RowBatch<TraceRow>(memory, layout, content) as Batch<TraceRow>
  }

  serve(port: MessagePort, threads: number, signal: AbortSignal): void {
    // A run that reads from the Hub has planned so: the Hub is loaded.
    this.#loaded!.serve(port, threads, signal)
  }

  takeTraffic(): TrafficByFile {
    return this.#loaded?.takeTraffic() ?? new Map()
  }

  async close(): Promise<void> {
    await this.#closeFile()
    ;(await this.#asking)?.close()
    this.#asking = null
    await this.#loaded?.close()
    this.#loading = this.#loaded = null
  }

  /** The Hub, by way of the thread that planned. */
  readonly #reads = async (): Promise<HubReads> => {
    this.#asking ??= Promise.all([import('./hub/asked-reads.ts'), import('./hub/hub-reads.ts')]).then(
      ([{ AskedReads }, { HubReads }]) => {
        const asked = new AskedReads(this.#context!.connect())
        return {
          reads: new HubReads((place, _, isAlone) => asked.open(place, isAlone)),
          close: () => asked.close(),
        }
      },
    )
    return (await this.#asking).reads
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
    this.#open = await openTraceFile(bundle, request, this.#reads, signal)
    return this.#open
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
