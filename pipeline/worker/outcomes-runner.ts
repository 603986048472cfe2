import type { Batch } from '../batch/batch.ts'
import { VIEWS } from '../graph/view.ts'
import type { NodeOf } from '../plan/plan.ts'
import type { BundleOutput, Emit, NodeRunner } from './node-runner.ts'
import { PartRunner } from './part-runner.ts'

/** The columns that a tally counts. */
export const TALLY_COLUMNS = ['verdict', 'reason'] as const

/** Tells rows apart by their outcome, and notes the outcomes for the tally. */
export class OutcomesRunner implements NodeRunner {
  readonly #node: NodeOf<'outcomes'>
  readonly #emit: Emit
  readonly #noted: PartRunner

  constructor(node: NodeOf<'outcomes'>, emit: Emit) {
    this.#node = node
    this.#emit = emit
    this.#noted = new PartRunner({ node, columns: TALLY_COLUMNS, encoding: null, seal: null })
  }

  startBundle(): void {
    this.#noted.startBundle()
  }

  async accept(batch: Batch): Promise<void> {
    this.#noted.accept(batch, 'every')
    for (const view of VIEWS) await this.#emit(this.#node.outputs[view]!, batch, view)
  }

  finishBundle(output: BundleOutput): void {
    this.#noted.finishBundle(output)
  }
}
