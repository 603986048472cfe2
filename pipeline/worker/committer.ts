import path from 'node:path'
import type { Cell } from '../batch/columns.ts'
import { SluiceError, StepError } from '../errors.ts'
import type { CombineFn } from '../graph/combine-fn.ts'
import type { Selection } from '../graph/selection.ts'
import type { Receipt, SinkBundle, SinkDefinition, SinkWriter } from '../graph/sink.ts'
import type { NodeOf, Plan, PlannedNode } from '../plan/plan.ts'
import type { BundleParts, Part, StepTiming, Tally } from './bundle-result.ts'
import { Combiner } from './combine-runner.ts'
import { loadDefinition } from './load.ts'
import { TimeMeter } from './meter.ts'
import { partsOf } from './packed-parts.ts'
import { ownNanoseconds } from './queued-time.ts'
import { type Chosen, settle } from './settle.ts'
import { Spool } from './spool.ts'

/** Tallies by the name of the `outcomes` step that they count. */
export type Tallies = Readonly<Record<string, Tally>>

/** What is known once every bundle is settled. */
export interface Drained {
  readonly tallies: Tallies
  /** elements of the Combines that follow the selection, by node */
  readonly combined: Readonly<Record<number, readonly unknown[]>>
  /** how long each sink has taken to write, by its node, without what other threads took by having the processors */
  readonly writing: Readonly<Record<number, StepTiming>>
}

/**
 * The one writer of a run. `add` for each bundle in order, `drain` when there are no more, `add` again for what
 * the Combines made, then `commit`; or `abort` at any time; then `close`.
 */
export interface Commits {
  /** Answers the tallies so far. */
  add(bundle: BundleParts): Promise<Tallies>
  /** `accumulator` is the selection's, merged over all bundles. */
  drain(accumulator: unknown): Promise<Drained>
  /** Gives all files their names. Receipts by the name of the sink. */
  commit(): Promise<Readonly<Record<string, readonly Receipt[]>>>
  /** Takes everything back, also after `commit`. */
  abort(cause: unknown): Promise<void>
  /** Called once, at the end. */
  close(): Promise<void>
}

interface OpenSink {
  readonly name: string
  readonly writer: SinkWriter
  seal(bytes: Uint8Array): Uint8Array
}

/** Where a run keeps what is not finished; gone after success. */
export const WORK_DIRECTORY = '.sluice'

export class Committer implements Commits {
  readonly #plan: Plan
  readonly #directory: string
  readonly #signal: AbortSignal
  readonly #sinks = new Map<number, OpenSink>()
  readonly #combiners = new Map<number, Combiner>()
  readonly #tallies: Record<string, Tally> = {}
  readonly #meter = new TimeMeter(ownNanoseconds)
  #spool: Spool | null = null

  private constructor(plan: Plan, directory: string, signal: AbortSignal) {
    this.#plan = plan
    this.#directory = directory
    this.#signal = signal
  }

  static async open(plan: Plan, directory: string, signal: AbortSignal): Promise<Committer> {
    const committer = new Committer(plan, directory, signal)
    try {
      for (const node of plan.nodes) await committer.#open(node, signal)
      if (plan.selection !== null) committer.#spool = await Spool.open(path.join(directory, WORK_DIRECTORY))
    } catch (error) {
      await committer.abort(error)
      throw error
    }
    return committer
  }

  async add(bundle: BundleParts): Promise<Tallies> {
    const parts = partsOf(bundle.parts)
    if (!this.#spool) await this.#write(bundle.index, parts)
    else {
      await this.#spool.append(bundle)
      this.#tally(parts)
    }
    return this.#tallies
  }

  async drain(accumulator: unknown): Promise<Drained> {
    if (this.#spool) {
      for (const name of Object.keys(this.#tallies)) delete this.#tallies[name]
      const chosen = await this.#choose(accumulator)
      for await (const result of this.#spool.drain()) {
        this.#signal.throwIfAborted()
        await this.#write(result.index, settle(result, chosen))
      }
      await this.#spool.remove()
      this.#spool = null
    }
    const combined = Object.fromEntries(
      [...this.#combiners].map(([id, combiner]) => [id, combiner.extract()]),
    )
    return { tallies: this.#tallies, combined, writing: this.#meter.take() }
  }

  async commit(): Promise<Readonly<Record<string, readonly Receipt[]>>> {
    const receipts: Record<string, readonly Receipt[]> = {}
    for (const { name, writer } of this.#sinks.values())
      receipts[name] = await this.#ask(name, () => writer.commit())
    return receipts
  }

  async abort(cause: unknown): Promise<void> {
    for (const { writer } of this.#sinks.values()) await writer.abort(cause).catch(() => {})
    await this.#spool?.remove()
  }

  async close(): Promise<void> {}

  async #open(node: PlannedNode, signal: AbortSignal): Promise<void> {
    if (node.kind === 'write') {
      const definition = await loadDefinition<SinkDefinition<unknown, never>>(node.ref)
      const options = node.ref.options as never
      const context = { sink: node.name, directory: this.#directory, signal }
      const writer = await this.#ask(node.name, () => definition.open(options, context))
      const seal = (bytes: Uint8Array) => definition.seal?.(bytes, options) ?? bytes
      this.#sinks.set(node.id, { name: node.name, writer, seal })
    }
    if (node.kind === 'combine' && node.selected && node.ref) {
      const definition = await loadDefinition<{ open(options: unknown): unknown }>(node.ref)
      const fn = definition.open(node.ref.options) as CombineFn<unknown, unknown, unknown>
      this.#combiners.set(node.id, new Combiner(node.name, fn, node.key))
    }
  }

  async #choose(accumulator: unknown): Promise<Chosen> {
    const node = this.#plan.nodes[this.#plan.selection!] as NodeOf<'select'>
    const definition = await loadDefinition<{ open(options: unknown): Selection<unknown, unknown> }>(node.ref)
    const selection = definition.open(node.ref.options)
    const merged = accumulator === undefined ? selection.createAccumulator() : accumulator
    return { step: node.name, selection, choice: selection.extractOutput(merged) }
  }

  async #write(index: number, parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      const node = this.#plan.nodes[part.node]!
      if (node.kind === 'outcomes') tally(this.#tallies, node.name, part)
      else if (node.kind === 'combine') this.#combine(part)
      else if (part.sourceRows.length > 0)
        await this.#timed(part, () => this.#writeTo(this.#sinks.get(part.node)!, index, part, node.selected))
    }
  }

  /** Before the selection has chosen, its candidates count as kept. */
  #tally(parts: readonly Part[]): void {
    for (const part of parts) {
      const node = this.#plan.nodes[part.node]!
      if (node.kind === 'outcomes') tally(this.#tallies, node.name, part)
    }
  }

  #combine(part: Part): void {
    const combiner = this.#combiners.get(part.node)!
    for (const element of objectsOf(part)) combiner.add(element)
  }

  async #writeTo(sink: OpenSink, index: number, part: Part, unsealed: boolean): Promise<void> {
    const bytes = part.encoded?.bytes ?? null
    const bundle: SinkBundle = {
      index,
      rows: part.sourceRows.length,
      column: (name) => part.columns[name] ?? [],
      objects: () => objectsOf(part),
      segment: bytes && unsealed ? sink.seal(bytes) : bytes,
    }
    await this.#ask(sink.name, () => sink.writer.write(bundle))
  }

  async #timed({ node, sourceRows }: Part, work: () => Promise<void>): Promise<void> {
    this.#meter.enter(node, sourceRows.length)
    try {
      await work()
    } finally {
      this.#meter.leave()
    }
  }

  /** What a sink throws is an error of that sink, unless it only noticed that the run is cancelled. */
  async #ask<T>(sink: string, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof SluiceError || this.#signal.aborted) throw cause
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new StepError(`sink '${sink}' failed: ${message}`, { where: { step: sink }, cause })
    }
  }
}

function objectsOf({ columns, sourceRows }: Part): Record<string, Cell>[] {
  const entries = Object.entries(columns)
  return sourceRows.map((_, row) => Object.fromEntries(entries.map(([name, cells]) => [name, cells[row]!])))
}

function tally(tallies: Record<string, Tally>, name: string, { columns }: Part): void {
  tallies[name] ??= { rows: 0, kept: 0, failed: 0, dropped: {} }
  const into = tallies[name]
  columns.verdict!.forEach((verdict, row) => {
    into.rows++
    if (verdict === 'dropped') {
      const reason = String(columns.reason![row])
      into.dropped[reason] = (into.dropped[reason] ?? 0) + 1
    } else into[verdict as 'kept' | 'failed']++
  })
}
