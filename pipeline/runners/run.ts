import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { CancelledError, SluiceError } from '../errors.ts'
import type { CombineFn } from '../graph/combine-fn.ts'
import { MetricSet, type MetricValues } from '../graph/metrics.ts'
import type { CollectionId } from '../graph/node.ts'
import type { PCollection, Pipeline } from '../graph/pipeline.ts'
import type { Selection } from '../graph/selection.ts'
import type { Receipt } from '../graph/sink.ts'
import type { Bundle, SourceFile } from '../graph/source.ts'
import type { Measure } from '../graph/step.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { NodeOf, Plan, PlannedNode } from '../plan/plan.ts'
import type { BundleResult, StepTiming, Tally } from '../worker/bundle-result.ts'
import { type Accumulators, Combiner } from '../worker/combine-runner.ts'
import type { Commits, Tallies } from '../worker/committer.ts'
import { loadDefinition } from '../worker/load.ts'
import { hasPlace, Stage } from '../worker/stage.ts'
import type { Lease } from '../worker/stage-task.ts'
import type { OnEvent } from './events.ts'

export interface RunOptions {
  /** where sinks write */
  readonly directory: string
  readonly measure?: Measure
  /** rows to read in all; null for all there are */
  readonly limit?: number | null
  readonly signal?: AbortSignal
  readonly onEvent?: OnEvent
}

/** How the stages of a plan are run, and where its committer lives. */
export interface Executor {
  /** Runs the leases' bundles and consumes the results in order, one at a time. */
  run(leases: readonly Lease[], consume: (result: BundleResult) => Promise<void>): Promise<void>
  commits: Commits
  close(): Promise<void>
}

export type OpenExecutor = (
  plan: Plan,
  options: { directory: string; signal: AbortSignal },
) => Promise<Executor>

/** How a step did over the whole run. */
export interface StepReport extends StepTiming {
  readonly name: string
  readonly metrics: MetricValues
}

export interface RunResult {
  readonly plan: Plan
  readonly files: readonly SourceFile[]
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
  const run = new Run(pipeline, plan, options.onEvent ?? (() => {}))
  try {
    signal.throwIfAborted()
    const leases = await run.planSources(options.limit ?? null, signal)
    await mkdir(directory, { recursive: true })
    const executor = await open(plan, { directory, signal })
    try {
      return await run.execute(executor, leases)
    } catch (error) {
      await executor.commits.abort(error).catch(() => {})
      throw error
    } finally {
      await executor.close()
    }
  } catch (error) {
    if (signal.aborted && !(error instanceof SluiceError))
      throw new CancelledError('the run was cancelled; nothing was written', { cause: signal.reason })
    throw error
  }
}

/** How many bundles a lease holds at most: few, so that what waits for its turn stays small. */
const LEASE_BUNDLES = 4

class Run {
  readonly #pipeline: Pipeline
  readonly #plan: Plan
  readonly #onEvent: OnEvent
  readonly #files: SourceFile[] = []
  readonly #ignored: { file: string; why: string }[] = []
  readonly #metrics = new Map<number, MetricSet>()
  readonly #timings = new Map<number, StepTiming>()
  readonly #combiners = new Map<number, Combiner>()
  readonly #elements = new Map<CollectionId, readonly unknown[]>()
  #selection: { merge(later: unknown): void; accumulator: unknown } | null = null
  #main: Stage | null = null
  #bundles = 0
  #rows = 0
  #bytes = 0
  #queuedMs = 0

  constructor(pipeline: Pipeline, plan: Plan, onEvent: OnEvent) {
    this.#pipeline = pipeline
    this.#plan = plan
    this.#onEvent = onEvent
  }

  async planSources(limit: number | null, signal: AbortSignal): Promise<readonly Lease[]> {
    const leases: Lease[] = []
    let left = limit
    for (const node of this.#plan.nodes) {
      if (node.kind !== 'read') continue
      const { operation } = this.#pipeline.nodes[node.id]!
      if (operation.kind !== 'read') continue
      const source = operation.open()
      try {
        const { bundles, files, ignored } = await source.plan({ limit: left, signal })
        const numbered = bundles.map((bundle) => ({ ...bundle, index: this.#bundles++ }))
        leases.push(...leasesOf(node.id, numbered))
        this.#files.push(...files)
        this.#ignored.push(...ignored)
        const rows = bundles.reduce((sum, bundle) => sum + bundle.rows, 0)
        this.#rows += rows
        this.#bytes += bundles.reduce((sum, bundle) => sum + bundle.bytes, 0)
        if (left !== null) left -= rows
      } finally {
        await source.close()
      }
    }
    this.#onEvent({
      event: 'planned',
      files: this.#files,
      ignored: this.#ignored,
      bundles: this.#bundles,
      rows: this.#rows,
      bytes: this.#bytes,
    })
    return leases
  }

  async execute(executor: Executor, leases: readonly Lease[]): Promise<RunResult> {
    await this.#openCombiners()
    if (hasPlace(this.#plan, 'main')) this.#main = await Stage.open(this.#plan, 'main', this.#findInline)
    await executor.run(leases, (result) => this.#take(executor.commits, result))
    await this.#feedCreated(executor.commits)
    await this.#main?.close()
    if (this.#plan.selection !== null) this.#onEvent({ event: 'selecting' })
    const drained = await executor.commits.drain(this.#selection?.accumulator)
    await this.#finishCombines(executor.commits, drained.combined)
    const receipts = await executor.commits.commit()
    this.#onEvent({ event: 'committed', receipts: Object.values(receipts).flat() })
    return this.#result(drained.tallies, receipts)
  }

  /** A bundle came back: its accumulators merge, its elements cross, its parts go to the committer. */
  async #take(commits: Commits, result: BundleResult): Promise<void> {
    this.#merge(result)
    const crossed = await this.#cross(result)
    if (crossed) this.#merge(crossed)
    const parts = crossed ? [...result.parts, ...crossed.parts] : result.parts
    const tallies = await commits.add({ ...result, parts, crossings: {} })
    this.#onEvent({
      event: 'bundle',
      bundle: { index: result.index },
      rows: result.rows,
      bytes: result.bytes,
      tallies,
      counters: this.#counters(),
    })
  }

  async #cross(result: BundleResult): Promise<BundleResult | null> {
    const main = this.#main
    if (!main) return null
    return main.run(result, async () => {
      for (const [collection, crossing] of Object.entries(result.crossings))
        await main.feed(Number(collection), crossing.values, crossing)
    })
  }

  async #feedCreated(commits: Commits): Promise<void> {
    for (const node of this.#plan.nodes) {
      const operation = this.#pipeline.nodes[node.id]!.operation
      if (operation.kind !== 'create' || !this.#main) continue
      const main = this.#main
      const bundle = { index: this.#bundles++, rows: operation.values.length, bytes: 0 }
      const origin = { file: '', revision: null, sourceRows: operation.values.map((_, row) => row) }
      const result = await main.run(bundle, () => main.feed(node.outputs.output!, operation.values, origin))
      this.#rows += bundle.rows
      this.#merge(result)
      await commits.add(result)
    }
  }

  #merge(result: BundleResult): void {
    this.#queuedMs += result.queuedMs
    for (const [id, values] of Object.entries(result.metrics)) this.#metricsOf(Number(id)).add(values)
    for (const [id, { rows, nanoseconds }] of Object.entries(result.timings)) {
      const timing = this.#timings.get(Number(id)) ?? { rows: 0, nanoseconds: 0 }
      timing.rows += rows
      timing.nanoseconds += nanoseconds
      this.#timings.set(Number(id), timing)
    }
    for (const [id, accumulators] of Object.entries(result.accumulators))
      this.#combiners.get(Number(id))!.merge(accumulators as Accumulators)
    if (result.selection) this.#selection!.merge(result.selection.accumulator)
  }

  async #openCombiners(): Promise<void> {
    for (const node of this.#plan.nodes) {
      if (node.kind === 'combine' && !node.selected)
        this.#combiners.set(node.id, new Combiner(node.name, await this.#combineFn(node), node.key))
      if (node.kind === 'select') {
        const definition = await loadDefinition<{ open(options: unknown): Selection<unknown, unknown> }>(
          node.ref,
        )
        const selection = definition.open(node.ref.options)
        const state = {
          accumulator: selection.createAccumulator(),
          merge: (later: unknown) => {
            state.accumulator = selection.mergeAccumulators([state.accumulator, later])
          },
        }
        this.#selection = state
      }
    }
  }

  async #combineFn(node: NodeOf<'combine'>): Promise<CombineFn<unknown, unknown, unknown>> {
    if (!node.ref) return this.#findInline(node) as CombineFn<unknown, unknown, unknown>
    const definition = await loadDefinition<{ open(options: unknown): unknown }>(node.ref)
    return definition.open(node.ref.options) as CombineFn<unknown, unknown, unknown>
  }

  /**
   * Extracts the Combines' results and runs what follows them. A Combine over another's result fills only then, so
   * they are taken in the graph's order.
   */
  async #finishCombines(commits: Commits, late: Readonly<Record<number, readonly unknown[]>>): Promise<void> {
    const end = hasPlace(this.#plan, 'end') ? await Stage.open(this.#plan, 'end', this.#findInline) : null
    for (const node of this.#plan.nodes) {
      if (node.kind !== 'combine') continue
      const elements = late[node.id] ?? this.#combiners.get(node.id)!.extract()
      this.#elements.set(node.outputs.output!, elements)
      if (!end) continue
      const bundle = { index: this.#bundles++, rows: elements.length, bytes: 0 }
      const origin = { file: '', revision: null, sourceRows: elements.map(() => null) }
      const result = await end.run(bundle, () => end.feed(node.outputs.output!, elements, origin))
      this.#merge(result)
      await commits.add(result)
    }
    await end?.close()
  }

  readonly #findInline = (node: PlannedNode): unknown => {
    const { operation } = this.#pipeline.nodes[node.id]!
    if ('code' in operation && 'inline' in operation.code) return operation.code.inline()
    throw new Error(`'${node.name}' has no inline code`)
  }

  #metricsOf(id: number): MetricSet {
    let metrics = this.#metrics.get(id)
    if (!metrics) {
      metrics = new MetricSet()
      this.#metrics.set(id, metrics)
    }
    return metrics
  }

  #counters(): Record<string, number> {
    const counters: Record<string, number> = {}
    for (const metrics of this.#metrics.values())
      for (const [name, value] of Object.entries(metrics.values.counters))
        counters[name] = (counters[name] ?? 0) + value
    return counters
  }

  #result(tallies: Readonly<Record<string, Tally>>, receipts: RunResult['receipts']): RunResult {
    const steps = this.#plan.nodes.map(({ id, name }): StepReport => {
      const timing = this.#timings.get(id) ?? { rows: 0, nanoseconds: 0 }
      return { name, ...timing, metrics: this.#metricsOf(id).values }
    })
    return {
      plan: this.#plan,
      files: this.#files,
      ignored: this.#ignored,
      rows: this.#rows,
      bytes: this.#bytes,
      bundles: this.#bundles,
      tallies,
      receipts,
      steps,
      queuedMs: this.#queuedMs,
      elements: <T>(collection: PCollection<T>) => (this.#elements.get(collection.id) ?? []) as readonly T[],
    }
  }
}

/** Runs of bundles that one worker takes in a row, so that it reads a file on rather than seeking. */
function leasesOf(read: number, bundles: readonly Bundle[]): Lease[] {
  const leases: { read: number; bundles: Bundle[] }[] = []
  for (const bundle of bundles) {
    const last = leases.at(-1)
    if (last && last.bundles.length < LEASE_BUNDLES && last.bundles[0]!.file === bundle.file)
      last.bundles.push(bundle)
    else leases.push({ read, bundles: [bundle] })
  }
  return leases
}
