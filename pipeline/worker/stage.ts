import type { MessagePort } from 'node:worker_threads'
import { type Batch, RowBatch, ValueBatch } from '../batch/batch.ts'
import { Memory } from '../batch/memory.ts'
import { SluiceError, SourceError, StepError } from '../errors.ts'
import { ByteWriter } from '../graph/byte-writer.ts'
import type { CombineFn } from '../graph/combine-fn.ts'
import type { DoFn } from '../graph/do-fn.ts'
import { MetricSet } from '../graph/metrics.ts'
import type { CollectionId, StepFace } from '../graph/node.ts'
import type { Selection } from '../graph/selection.ts'
import type { SinkDefinition } from '../graph/sink.ts'
import type { Bundle, Source, SourceContext } from '../graph/source.ts'
import type { StepContext } from '../graph/step.ts'
import { addByFile, type TrafficByFile } from '../graph/traffic.ts'
import type { View } from '../graph/view.ts'
import type { NodeOf, Place, Plan, PlannedNode } from '../plan/plan.ts'
import type { BundleResult } from './bundle-result.ts'
import { startWork } from './bundle-work.ts'
import { CombineRunner } from './combine-runner.ts'
import { CrossingRunner } from './crossing-runner.ts'
import { DoRunner } from './do-runner.ts'
import { FlattenRunner } from './flatten-runner.ts'
import { judgedBatches } from './judged-batches.ts'
import { loadDefinition } from './load.ts'
import { type Meter, TimeMeter } from './meter.ts'
import type { BundleOutput, NodeRunner } from './node-runner.ts'
import { OutcomesRunner } from './outcomes-runner.ts'
import { PartRunner } from './part-runner.ts'
import { rowsInView } from './record-columns.ts'
import { SelectRunner } from './select-runner.ts'
import { StepRunner } from './step-runner.ts'

/** Finds code that was given as a closure: only the process that built the graph has it. */
export type FindInline = (node: PlannedNode) => unknown

/** What steps share between threads, by the step's node. */
export type Shared = Readonly<Record<number, unknown>>

/** A port to the source that planned what a node reads. */
export type Connect = (read: number) => MessagePort

/** What a stage has from outside. */
export interface Surroundings {
  readonly shared: Shared
  readonly connect: Connect
}

/** Who takes a collection; `node` is null for what crosses to the main thread. */
interface Consumer {
  readonly runner: NodeRunner
  readonly node: PlannedNode | null
  /** position of the collection among the node's inputs */
  readonly input: number
}

interface Opened {
  /** what `open` and `encoder` of every definition have in common, seen from here */
  open(options: unknown, context: unknown): unknown
}

/**
 * The steps of a plan that run in one place, fused: each batch goes through all of them before the next one is
 * read. One stage serves one bundle at a time.
 */
export class Stage {
  readonly #plan: Plan
  readonly #runners = new Map<number, NodeRunner>()
  readonly #consumers = new Map<CollectionId, Consumer[]>()
  readonly #sources = new Map<number, Source<unknown>>()
  readonly #metrics = new Map<number, MetricSet>()
  readonly #meter: Meter
  readonly #memory = new Memory()
  readonly #shared: Shared
  readonly #connect: Connect

  private constructor(plan: Plan, { shared, connect }: Surroundings, meter: Meter) {
    this.#connect = connect
    this.#plan = plan
    this.#shared = shared
    this.#meter = meter
  }

  /** Loads and opens every step of the plan that runs in `place`. */
  static async open(
    plan: Plan,
    place: Place,
    surroundings: Surroundings,
    findInline: FindInline,
    meter: Meter = new TimeMeter(),
  ): Promise<Stage> {
    const stage = new Stage(plan, surroundings, meter)
    try {
      for (const node of plan.nodes) {
        if (node.place !== place) continue
        const runner = await inNode(node, 'could not be opened', () => stage.#open(node, findInline))
        if (!runner) continue
        stage.#runners.set(node.id, runner)
        for (const [input, collection] of node.inputs.entries())
          stage.#consume(collection, { runner, node, input })
      }
    } catch (error) {
      await stage.close().catch(() => {})
      throw error
    }
    // What was counted while steps were opened would depend on the number of threads.
    for (const metrics of stage.#metrics.values()) metrics.take()
    if (place === 'worker')
      for (const collection of plan.crossings) {
        const runner = new CrossingRunner(collection)
        stage.#runners.set(-1 - collection, runner)
        stage.#consume(collection, { runner, node: null, input: 0 })
      }
    return stage
  }

  /** Reads a bundle and runs it through the stage. */
  async runBundle(read: NodeOf<'read'>, bundle: Bundle, signal: AbortSignal): Promise<BundleResult> {
    const source = this.#sources.get(read.id)!
    const early = read.early.filters.map((id) => ({ id, runner: this.#runners.get(id) as StepRunner }))
    const request = { memory: this.#memory, layout: read.layout, early: read.early.leaves }
    const judge = async (batch: Batch): Promise<void> => {
      for (const { id, runner } of early) await this.#timed(id, 0, () => runner.apply(batch))
    }
    return this.run(bundle, async () => {
      const batches = source.read(bundle, request, signal)[Symbol.asyncIterator]()
      const next = (): Promise<IteratorResult<Batch>> => {
        signal.throwIfAborted()
        return this.#timed(read.id, 0, () => reading(bundle, () => batches.next()))
      }
      try {
        for await (const batch of judgedBatches(next, judge)) {
          signal.throwIfAborted()
          if (batch instanceof RowBatch)
            await this.#timed(read.id, 0, () => reading(bundle, () => batch.load()))
          await this.#timed(read.id, batch.length, () => this.emit(read.outputs.output!, batch, 'kept'))
          await this.#finishBatch()
        }
      } finally {
        await batches.return?.()
      }
    })
  }

  /** Runs what `feed` emits as one bundle. */
  async run(
    bundle: Pick<Bundle, 'index' | 'rows' | 'bytes'>,
    feed: () => Promise<void>,
  ): Promise<BundleResult> {
    const finishWork = startWork()
    // Backwards: what a step emits when its bundle starts finds the steps after it ready.
    for (const [id, runner] of [...this.#runners].toReversed())
      if (runner.startBundle)
        await this.#timed(id, 0, () =>
          inNode(this.#plan.nodes[id], 'failed as its bundle began', () => runner.startBundle!()),
        )
    await this.#finishBatch()
    await feed()
    await this.#finishBatch()
    const output: BundleOutput = { parts: [], accumulators: {}, crossings: {}, selection: null }
    for (const [id, runner] of this.#runners)
      if (runner.finishBundle)
        await this.#timed(id, 0, () =>
          inNode(this.#plan.nodes[id], 'failed as its bundle ended', () => runner.finishBundle!(output)),
        )
    return {
      index: bundle.index,
      rows: bundle.rows,
      bytes: bundle.bytes,
      ...output,
      metrics: Object.fromEntries([...this.#metrics].map(([id, metrics]) => [id, metrics.take()])),
      timings: this.#meter.take(),
      work: finishWork(),
      decompressed: this.#memory.decompression.take(),
      traffic: this.#takeTraffic(),
      queuedMs: 0,
    }
  }

  #takeTraffic(): TrafficByFile {
    const taken = [...this.#sources.values()].map((source) => source.takeTraffic?.() ?? new Map())
    return taken.reduce(addByFile, new Map())
  }

  async #finishBatch(): Promise<void> {
    for (const [id, runner] of this.#runners)
      if (runner.finishBatch) await this.#timed(id, 0, () => runner.finishBatch!())
  }

  /** Hands a batch to the steps that take a collection. A branch that marks gets marks of its own. */
  readonly emit = async (collection: CollectionId, batch: Batch, view: View): Promise<void> => {
    const consumers = this.#consumers.get(collection) ?? []
    for (const { runner, node, input } of consumers) {
      if (!node) {
        await runner.accept(batch, view, input)
        continue
      }
      const branch = node.forks[input] ? batch.fork() : batch
      this.#meter.touch(node.id, () => bytesRead(branch, view, node.reads))
      await this.#timed(node.id, branch.length, () => runner.accept(branch, view, input))
    }
  }

  /** Elements that came from another thread, or from a Create. */
  async feed(collection: CollectionId, values: readonly unknown[], origin: BundleOrigin): Promise<void> {
    const { file, revision, sourceRows } = origin
    await this.emit(collection, new ValueBatch(values, { file, revision, firstRow: 0 }, sourceRows), 'kept')
  }

  /** Closes every step and source, then throws the first error that any of them threw. */
  async close(): Promise<void> {
    const errors: unknown[] = []
    const closing = async (id: number, close: () => void | Promise<void>) =>
      inNode(this.#plan.nodes[id], 'could not be closed', close).catch((error) => errors.push(error))
    for (const [id, runner] of this.#runners) await closing(id, () => runner.close?.())
    for (const [id, source] of this.#sources) await closing(id, () => source.close())
    this.#runners.clear()
    this.#sources.clear()
    if (errors.length > 0) throw errors[0]
  }

  #consume(collection: CollectionId, consumer: Consumer): void {
    const consumers = this.#consumers.get(collection) ?? []
    consumers.push(consumer)
    this.#consumers.set(collection, consumers)
  }

  async #open(node: PlannedNode, findInline: FindInline): Promise<NodeRunner | null> {
    const context = this.#contextOf(node)
    switch (node.kind) {
      case 'read': {
        const definition = await loadDefinition<Opened>(node.ref)
        const sourceContext: SourceContext = {
          connect: () => {
            if (!this.#sources.get(node.id)?.serve)
              throw new StepError(`the source '${node.name}' wants to connect, and has no method serve`, {
                where: { step: node.name },
              })
            return this.#connect(node.id)
          },
        }
        this.#sources.set(
          node.id,
          (await definition.open(node.ref.options, sourceContext)) as Source<unknown>,
        )
        return null
      }
      case 'create':
        return null
      case 'step': {
        const face = (await (
          await loadDefinition<Opened>(node.ref)
        ).open(node.ref.options, context)) as StepFace
        return new StepRunner(node, face, context, this.emit)
      }
      case 'do': {
        const fn = (await this.#code(node, findInline)) as DoFn<unknown, unknown>
        await fn.setup?.(context)
        return new DoRunner(node, fn, this.emit)
      }
      case 'flatten':
        return new FlattenRunner(node, this.emit)
      case 'outcomes':
        return new OutcomesRunner(node, this.emit)
      case 'combine': {
        if (node.selected) return new PartRunner({ node, columns: node.reads, encoding: null, seal: null })
        return new CombineRunner(
          node,
          (await this.#code(node, findInline)) as CombineFn<unknown, unknown, unknown>,
        )
      }
      case 'select': {
        const definition = await loadDefinition<Opened>(node.ref)
        const selection = definition.open(node.ref.options, context) as Selection<unknown, unknown>
        return new SelectRunner(node, selection, this.emit)
      }
      case 'write': {
        const definition = await loadDefinition<SinkDefinition<unknown, never>>(node.ref)
        const { options } = node.ref
        const encoder = (await definition.encoder?.(options as never, context)) ?? null
        const seal =
          definition.seal && !node.selected
            ? (bytes: Uint8Array) => definition.seal!(bytes, options as never)
            : null
        const encoding = encoder && { encoder, writer: new ByteWriter(this.#memory) }
        return new PartRunner({ node, columns: node.columns, encoding, seal })
      }
      default:
        return node satisfies never
    }
  }

  async #code(node: NodeOf<'do' | 'combine'>, findInline: FindInline): Promise<unknown> {
    if (!node.ref) return findInline(node)
    return (await loadDefinition<Opened>(node.ref)).open(node.ref.options, undefined)
  }

  #contextOf(node: PlannedNode): StepContext {
    const metrics = new MetricSet()
    this.#metrics.set(node.id, metrics)
    const { measure } = this.#plan
    return {
      step: node.name,
      measure,
      metrics,
      memory: this.#memory,
      shared: this.#shared[node.id],
      wants: (batch, row) => (measure === 'all' ? batch.outcomes.readable(row) : batch.outcomes.kept(row)),
    }
  }

  /** Books what `work` costs to a node, less what the steps it hands batches to book themselves. */
  async #timed<T>(node: number, rows: number, work: () => T | Promise<T>): Promise<T> {
    this.#meter.enter(node, rows)
    try {
      return await work()
    } finally {
      this.#meter.leave()
    }
  }
}

/** Bytes that a batch has of the members that a step reads, in the rows that it is given. Plain values have none. */
function bytesRead(batch: Batch, view: View, reads: readonly string[]): number {
  if (!(batch instanceof RowBatch) || batch.length === 0) return 0
  return (batch.bytesOf(reads) * rowsInView(batch, view).length) / batch.length
}

/** Does what a node's code does. Errors that don't say whose they are get the node's name. */
async function inNode<T>(
  node: PlannedNode | undefined,
  what: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SluiceError || !node) throw cause
    throw new StepError(`'${node.name}' ${what}: ${messageOf(cause)}`, { where: { step: node.name }, cause })
  }
}

/** What a source throws is about the file, unless it says more. */
async function reading<T>({ file, firstRow, rows }: Bundle, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SluiceError || (cause as Error)?.name === 'AbortError') throw cause
    throw new SourceError(
      `${file} can't be read between rows ${firstRow} and ${firstRow + rows - 1}: ${messageOf(cause)}`,
      { where: { file }, cause },
    )
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** Where fed elements came from. */
export interface BundleOrigin {
  readonly file: string
  readonly revision: string | null
  readonly sourceRows: readonly (number | null)[]
}

/** The stages that a plan needs on the main thread. */
export function hasPlace(plan: Plan, place: Place): boolean {
  return plan.nodes.some((node) => node.place === place && node.kind !== 'create')
}
