import { rm } from 'node:fs/promises'
import path from 'node:path'
import { CancelledError, SluiceError, SourceError } from '../errors.ts'
import type { MetricValues } from '../graph/metrics.ts'
import type { CollectionId } from '../graph/node.ts'
import type { PCollection, Pipeline } from '../graph/pipeline.ts'
import type { Receipt } from '../graph/sink.ts'
import type { SourceFile } from '../graph/source.ts'
import type { Measure } from '../graph/step.ts'
import { addByFile, allTraffic, type TrafficByFile } from '../graph/traffic.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Plan, PlannedNode } from '../plan/plan.ts'
import type { BundleResult, StepTiming } from '../worker/bundle-result.ts'
import type { Commits, Tallies } from '../worker/committer.ts'
import { partsOf } from '../worker/packed-parts.ts'
import { hasPlace, type Shared, Stage } from '../worker/stage.ts'
import type { Lease } from '../worker/stage-task.ts'
import type { OnEvent } from './events.ts'
import { Gathered } from './gathered.ts'
import { type NetworkUse, networkUse } from './network-use.ts'
import { closeSources, type PlannedSources, planSources } from './plan-sources.ts'
import { lockWorkDirectory } from './run-lock.ts'

export interface RunOptions {
  /** where sinks write */
  readonly directory: string
  readonly measure?: Measure
  /** rows to read in all; null for all there are */
  readonly limit?: number | null
  readonly signal?: AbortSignal
  readonly onEvent?: OnEvent
  /** hash the files of the sources, for the record */
  readonly hash?: boolean
  /** Called when the sources are known to be readable, before anything is written. Throws to refuse the run. */
  readonly check?: (sources: readonly SourceFile[]) => void
  /** Called when all output is on the disk, before any of it gets its name: the time to remove what it replaces. */
  readonly replace?: () => Promise<void>
  /** Called when all output stands under its names. When it rejects, everything is taken back. */
  readonly finish?: (result: RunResult) => Promise<void>
}

/** How the stages of a plan are run, and where its committer lives. */
export interface Executor {
  /** Runs the leases' bundles and consumes the results in order, one at a time. */
  run(leases: Iterable<Lease>, consume: (result: BundleResult) => Promise<void>): Promise<void>
  /** The SHA-256 of a file, in hex. */
  hash(file: string): Promise<string>
  /** Closes the stages: nothing more is run. */
  finish(): Promise<void>
  commits: Commits
  close(): Promise<void>
}

export type OpenExecutor = (
  plan: Plan,
  options: {
    directory: string
    shared: Shared
    /** those that planned, which serve those that read */
    sources: PlannedSources['sources']
    signal: AbortSignal
  },
) => Promise<Executor>

/** How a step did over the whole run. */
export interface StepReport extends StepTiming {
  readonly name: string
  readonly metrics: MetricValues
}

export interface RunResult {
  readonly plan: Plan
  readonly files: readonly SourceFile[]
  /** in hex, by file; empty unless the run was to hash */
  readonly sha256: ReadonlyMap<string, string>
  readonly ignored: readonly { readonly file: string; readonly why: string }[]
  readonly rows: number
  /** estimated uncompressed bytes read */
  readonly bytes: number
  readonly bundles: number
  /** by the name of the `outcomes` step */
  readonly tallies: Tallies
  /** by the name of the sink */
  readonly receipts: Readonly<Record<string, readonly Receipt[]>>
  readonly steps: readonly StepReport[]
  readonly network: NetworkUse
  /** milliseconds that leases waited for a worker, in all */
  readonly queuedMs: number
  /** The elements of a Combine's result. */
  elements<T>(collection: PCollection<T>): readonly T[]
}

/**
 * Runs a pipeline to the end, or not at all: after a failure or an abort nothing stands under a final name. The
 * output depends on the graph, the sources and the options `measure` and `limit` alone.
 */
export async function runPipeline(
  pipeline: Pipeline,
  options: RunOptions,
  open: OpenExecutor,
): Promise<RunResult> {
  const signal = options.signal ?? new AbortController().signal
  const directory = path.resolve(options.directory)
  const plan = makePlan(pipeline, { measure: options.measure ?? 'all' })
  const onEvent = options.onEvent ?? (() => {})
  try {
    signal.throwIfAborted()
    const work = await lockWorkDirectory(directory)
    try {
      const spool = path.join(work.path, 'spool')
      const sources = await planSources(pipeline, plan, { limit: options.limit ?? null, spool, signal })
      try {
        const { files, ignored, bundles, rows, bytes } = sources
        onEvent({ event: 'planned', files, ignored, bundles, rows, bytes })
        options.check?.(files)
        return await runLocked(pipeline, plan, sources, options, (shared) =>
          open(plan, { directory, shared, sources: sources.sources, signal }),
        )
      } finally {
        await closeSources(sources.sources)
      }
    } finally {
      await work.release()
    }
  } catch (error) {
    if (signal.aborted && !(error instanceof SluiceError))
      throw new CancelledError('the run was cancelled; nothing was written', { cause: signal.reason })
    throw error
  }
}

/** Ends with everything committed, or with everything taken back. */
async function runLocked(
  pipeline: Pipeline,
  plan: Plan,
  sources: PlannedSources,
  options: RunOptions,
  open: (shared: Shared) => Promise<Executor>,
): Promise<RunResult> {
  const shared = await shareOf(pipeline)
  const executor = await open(shared)
  try {
    const result = await new Run(pipeline, plan, sources, { executor, shared }, options).execute()
    await options.finish?.(result)
    return result
  } catch (error) {
    await executor.commits.abort(error).catch(() => {})
    throw error
  } finally {
    await executor.close()
  }
}

async function shareOf(pipeline: Pipeline): Promise<Shared> {
  const shared: Record<number, unknown> = {}
  for (const { id, operation } of pipeline.nodes)
    if (operation.kind === 'step') shared[id] = await operation.share()
  return shared
}

/** One run of a planned pipeline. */
class Run {
  readonly #pipeline: Pipeline
  readonly #plan: Plan
  readonly #sources: PlannedSources
  readonly #executor: Executor
  readonly #shared: Shared
  readonly #onEvent: OnEvent
  readonly #replace: () => Promise<void>
  readonly #signal: AbortSignal
  readonly #elements = new Map<CollectionId, readonly unknown[]>()
  readonly #hash: boolean
  readonly #sha256 = new Map<string, string>()
  readonly #hashes: Promise<void>[] = []
  /** of reading */
  #traffic: TrafficByFile = new Map()
  readonly #fileOfBundle: ReadonlyMap<number, SourceFile>
  readonly #bundlesLeft = new Map<string, number>()
  /** index of the next bundle that no source planned */
  #nextBundle: number
  #created = 0

  constructor(
    pipeline: Pipeline,
    plan: Plan,
    sources: PlannedSources,
    { executor, shared }: { executor: Executor; shared: Shared },
    { onEvent, hash, replace, signal }: RunOptions,
  ) {
    this.#pipeline = pipeline
    this.#plan = plan
    this.#sources = sources
    this.#executor = executor
    this.#shared = shared
    this.#onEvent = onEvent ?? (() => {})
    this.#hash = hash ?? false
    this.#replace = replace ?? (async () => {})
    this.#signal = signal ?? new AbortController().signal
    this.#nextBundle = sources.bundles
    const files = new Map(sources.files.map((file) => [file.file, file]))
    const bundles = sources.leases.flatMap((lease) => lease.bundles)
    this.#fileOfBundle = new Map(bundles.map(({ index, file }) => [index, files.get(file)!]))
    for (const { file } of bundles) this.#bundlesLeft.set(file, (this.#bundlesLeft.get(file) ?? 0) + 1)
  }

  async execute(): Promise<RunResult> {
    const { commits } = this.#executor
    const gathered = await Gathered.open(this.#plan, this.#findInline)
    await this.#withStage('main', async (main) => {
      const leases = this.#hash ? this.#hashing() : this.#sources.leases
      await this.#executor.run(leases, (result) => this.#take(result, gathered, main))
      await Promise.all(this.#hashes)
      await this.#executor.finish()
      this.#signal.throwIfAborted()
      await this.#feedCreated(gathered, main)
    })
    this.#signal.throwIfAborted()
    if (this.#plan.selection !== null) this.#onEvent({ event: 'selecting' })
    const { tallies, combined } = await commits.drain(gathered.selected)
    this.#signal.throwIfAborted()
    await this.#finishCombines(gathered, combined)
    // From here on the run is as good as done: stopping it would take as long as ending it.
    this.#signal.throwIfAborted()
    await this.#replace()
    const receipts = await commits.commit()
    this.#onEvent({ event: 'committed', receipts: Object.values(receipts).flat() })
    return this.#result(gathered, tallies, receipts)
  }

  /** The leases. After the first of a file, the file is hashed beside the others: it is read then anyway. */
  *#hashing(): Generator<Lease> {
    const files = new Map(this.#sources.files.map((file) => [file.file, file]))
    for (const lease of this.#sources.leases) {
      yield lease
      this.#startHash(files.get(lease.bundles[0]!.file)!)
    }
    for (const file of files.values()) this.#startHash(file)
  }

  /** Only what is on the disk is read once more. */
  #startHash({ file, published }: SourceFile): void {
    const onDisk = published ? published.onDisk : file
    if (onDisk === null || this.#sha256.has(file)) return
    this.#sha256.set(file, '')
    const hashed = this.#executor.hash(onDisk).then((sha256) => {
      if (published?.sha256 && published.sha256 !== sha256)
        throw new SourceError(
          `${onDisk} is not ${file}: its SHA-256 is another. Remove it, and fetch it again`,
          {
            where: { file },
          },
        )
      this.#sha256.set(file, sha256)
    })
    // It is waited for at the end; until then nobody hears of a failure.
    hashed.catch(() => {})
    this.#hashes.push(hashed)
  }

  /** A bundle came back: its accumulators merge, its elements cross, its parts go to the committer. */
  async #take(result: BundleResult, gathered: Gathered, main: Stage | null): Promise<void> {
    gathered.add(result)
    this.#traffic = addByFile(this.#traffic, result.traffic)
    await this.#unspool(result)
    const crossed = main ? await cross(result, main) : null
    if (crossed) gathered.add(crossed)
    const { index, rows, bytes, selection } = result
    const parts = crossed ? [...partsOf(result.parts), ...partsOf(crossed.parts)] : result.parts
    const tallies = await this.#executor.commits.add({ index, parts, selection })
    this.#onEvent({
      event: 'bundle',
      bundle: { index },
      rows,
      bytes,
      tallies: structuredClone(tallies),
      counters: gathered.counters(),
    })
  }

  /** Copies of files are kept no longer than bundles of them are to be read. */
  async #unspool({ index }: BundleResult): Promise<void> {
    const { file, spooled } = this.#fileOfBundle.get(index)!
    const left = this.#bundlesLeft.get(file)! - 1
    this.#bundlesLeft.set(file, left)
    if (left === 0 && spooled !== undefined) await rm(spooled, { force: true })
  }

  async #feedCreated(gathered: Gathered, main: Stage | null): Promise<void> {
    for (const { id, outputs } of this.#plan.nodes) {
      const { operation } = this.#pipeline.nodes[id]!
      if (operation.kind !== 'create' || !main) continue
      this.#created += operation.values.length
      const sourceRows = operation.values.map((_, row) => row)
      await this.#feed(main, gathered, outputs.output!, operation.values, sourceRows)
    }
  }

  /**
   * Takes the Combines' results and runs what follows them. A Combine over another's result fills only then, so they
   * are taken in the graph's order.
   */
  async #finishCombines(
    gathered: Gathered,
    late: Readonly<Record<number, readonly unknown[]>>,
  ): Promise<void> {
    await this.#withStage('end', async (end) => {
      for (const node of this.#plan.nodes) {
        if (node.kind !== 'combine') continue
        const elements = late[node.id] ?? gathered.combined(node.id)
        this.#elements.set(node.outputs.output!, elements)
        const sourceRows = elements.map(() => null)
        if (end) await this.#feed(end, gathered, node.outputs.output!, elements, sourceRows)
      }
    })
  }

  /** Runs elements that no source read through a stage on this thread, as a bundle of their own. */
  async #feed(
    stage: Stage,
    gathered: Gathered,
    collection: CollectionId,
    values: readonly unknown[],
    sourceRows: readonly (number | null)[],
  ): Promise<void> {
    const bundle = { index: this.#nextBundle++, rows: values.length, bytes: 0 }
    const result = await stage.run(bundle, () =>
      stage.feed(collection, values, { file: '', revision: null, sourceRows }),
    )
    gathered.add(result)
    await this.#executor.commits.add({
      index: result.index,
      parts: result.parts,
      selection: result.selection,
    })
  }

  /** Works with the stage of this thread, null where the plan needs none, and closes it whatever happens. */
  async #withStage(place: 'main' | 'end', work: (stage: Stage | null) => Promise<void>): Promise<void> {
    const stage = hasPlace(this.#plan, place)
      ? await Stage.open(this.#plan, place, { shared: this.#shared, connect: noReads }, this.#findInline)
      : null
    try {
      await work(stage)
    } catch (error) {
      await stage?.close().catch(() => {})
      throw error
    }
    await stage?.close()
  }

  readonly #findInline = (node: PlannedNode): unknown => {
    const { operation } = this.#pipeline.nodes[node.id]!
    if ('code' in operation && 'inline' in operation.code) return operation.code.inline()
    throw new Error(`'${node.name}' has no inline code`)
  }

  #result(gathered: Gathered, tallies: Tallies, receipts: RunResult['receipts']): RunResult {
    const { files, ignored, rows, bytes, bundles, traffic } = this.#sources
    const served = [...this.#sources.sources.values()].map((source) => source.takeTraffic?.() ?? new Map())
    const reading = served.reduce(addByFile, this.#traffic)
    return {
      network: networkUse(allTraffic(addByFile(traffic, reading)), reading, files),
      plan: this.#plan,
      files,
      sha256: this.#sha256,
      ignored,
      rows: rows + this.#created,
      bytes,
      bundles,
      tallies,
      receipts,
      steps: gathered.reports(),
      queuedMs: gathered.queuedMs,
      elements: <T>(collection: PCollection<T>) => (this.#elements.get(collection.id) ?? []) as readonly T[],
    }
  }
}

/** Runs the elements of a bundle that steps on this thread want. */
function cross(result: BundleResult, main: Stage): Promise<BundleResult> {
  return main.run(result, async () => {
    for (const [collection, crossing] of Object.entries(result.crossings))
      await main.feed(Number(collection), crossing.values, crossing)
  })
}

function noReads(): never {
  throw new Error('nothing is read on this thread')
}
