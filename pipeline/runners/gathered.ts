import type { CombineFn } from '../graph/combine-fn.ts'
import { MetricSet } from '../graph/metrics.ts'
import type { Selection } from '../graph/selection.ts'
import type { NodeOf, Plan } from '../plan/plan.ts'
import type { BundleResult, StepTiming } from '../worker/bundle-result.ts'
import { type Accumulators, Combiner } from '../worker/combine-runner.ts'
import { loadDefinition } from '../worker/load.ts'
import type { FindInline } from '../worker/stage.ts'
import type { StepReport } from './run.ts'

interface Opens<T> {
  open(options: unknown): T
}

/** What bundles bring besides rows, merged in the order of the bundles: accumulators, metrics, times. */
export class Gathered {
  readonly #plan: Plan
  readonly #combiners = new Map<number, Combiner>()
  readonly #metrics = new Map<number, MetricSet>()
  readonly #timings = new Map<number, StepTiming>()
  #selection: Selection<unknown, unknown> | null = null
  #selected: unknown
  queuedMs = 0

  private constructor(plan: Plan) {
    this.#plan = plan
  }

  static async open(plan: Plan, findInline: FindInline): Promise<Gathered> {
    const gathered = new Gathered(plan)
    for (const node of plan.nodes) {
      if (node.kind === 'combine' && !node.selected) {
        const fn = await combineFnOf(node, findInline)
        gathered.#combiners.set(node.id, new Combiner(node.name, fn, node.key))
      }
      if (node.kind === 'select') {
        const definition = await loadDefinition<Opens<Selection<unknown, unknown>>>(node.ref)
        gathered.#selection = definition.open(node.ref.options)
        gathered.#selected = gathered.#selection.createAccumulator()
      }
    }
    return gathered
  }

  add(result: BundleResult): void {
    this.queuedMs += result.queuedMs
    for (const [id, values] of Object.entries(result.metrics)) this.#metricsOf(Number(id)).add(values)
    for (const [id, { rows, nanoseconds }] of Object.entries(result.timings)) {
      const before = this.#timings.get(Number(id)) ?? { rows: 0, nanoseconds: 0 }
      this.#timings.set(Number(id), {
        rows: before.rows + rows,
        nanoseconds: before.nanoseconds + nanoseconds,
      })
    }
    for (const [id, accumulators] of Object.entries(result.accumulators))
      this.#combiners.get(Number(id))!.merge(accumulators as Accumulators)
    if (result.selection)
      this.#selected = this.#selection!.mergeAccumulators([this.#selected, result.selection.accumulator])
  }

  /** The selection's accumulator over all bundles. */
  get selected(): unknown {
    return this.#selected
  }

  /** The result of a Combine that does not wait for the selection. */
  combined(node: number): readonly unknown[] {
    return this.#combiners.get(node)!.extract()
  }

  /** Counters by name, over all steps. */
  counters(): Record<string, number> {
    const counters: Record<string, number> = {}
    for (const { values } of this.#metrics.values())
      for (const [name, value] of Object.entries(values.counters))
        counters[name] = (counters[name] ?? 0) + value
    return counters
  }

  reports(): StepReport[] {
    return this.#plan.nodes.map(({ id, name }) => {
      const { rows, nanoseconds } = this.#timings.get(id) ?? { rows: 0, nanoseconds: 0 }
      return { name, rows, nanoseconds, metrics: this.#metricsOf(id).values }
    })
  }

  #metricsOf(id: number): MetricSet {
    let metrics = this.#metrics.get(id)
    if (!metrics) {
      metrics = new MetricSet()
      this.#metrics.set(id, metrics)
    }
    return metrics
  }
}

async function combineFnOf(
  node: NodeOf<'combine'>,
  findInline: FindInline,
): Promise<CombineFn<unknown, unknown, unknown>> {
  if (!node.ref) return findInline(node) as CombineFn<unknown, unknown, unknown>
  const definition = await loadDefinition<Opens<CombineFn<unknown, unknown, unknown>>>(node.ref)
  return definition.open(node.ref.options)
}
