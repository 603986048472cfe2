import type { Batch } from '../batch/batch.ts'
import { JoinedBatch, type PartRow } from '../batch/joined-batch.ts'
import { inView, type View } from '../graph/view.ts'
import type { NodeOf } from '../plan/plan.ts'
import type { Emit, NodeRunner } from './node-runner.ts'

interface Arrival {
  readonly batch: Batch
  readonly view: View
  /** position of the collection among the node's inputs */
  readonly input: number
}

/** An element with what decides its place. */
interface Waiting extends PartRow {
  readonly view: View
  readonly input: number
  /** the source row that it comes from, or comes after */
  readonly after: number
}

/**
 * Joins its inputs. What one batch of the source brought by way of each input waits until that batch has been through
 * all steps, and goes on in the order of source rows, then of inputs. So the order does not depend on how a source
 * cuts its batches, and no more waits than one batch.
 */
export class FlattenRunner implements NodeRunner {
  readonly #node: NodeOf<'flatten'>
  readonly #emit: Emit
  #arrivals: Arrival[] = []

  constructor(node: NodeOf<'flatten'>, emit: Emit) {
    this.#node = node
    this.#emit = emit
  }

  startBundle(): void {
    this.#arrivals = []
  }

  accept(batch: Batch, view: View, input: number): void {
    if (batch.length > 0) this.#arrivals.push({ batch, view, input })
  }

  async finishBatch(): Promise<void> {
    const arrivals = this.#arrivals
    this.#arrivals = []
    const output = this.#node.outputs.output!
    // One input alone is in order as it is: the batches pass whole, with their bytes.
    if (new Set(arrivals.map(({ input }) => input)).size < 2) {
      for (const { batch, view } of arrivals) await this.#emit(output, batch, view)
      return
    }
    const parts = arrivals.map(({ batch }) => batch)
    for (const run of runsOfView(inOrder(arrivals)))
      await this.#emit(output, new JoinedBatch(parts, run), run[0]!.view)
  }

  finishBundle(): Promise<void> {
    return this.finishBatch()
  }
}

function inOrder(arrivals: readonly Arrival[]): Waiting[] {
  const last = new Map<number, number>()
  const waiting: Waiting[] = []
  for (const [part, { batch, view, input }] of arrivals.entries())
    for (let row = 0; row < batch.length; row++) {
      const after = batch.sourceRow(row) ?? last.get(input) ?? -1
      last.set(input, after)
      if (passes(batch, row, view)) waiting.push({ part, row, view, input, after })
    }
  return waiting.sort((a, b) => a.after - b.after || a.input - b.input)
}

/** What a marked collection has refused travels with it for the record. */
function passes(batch: Batch, row: number, view: View): boolean {
  return view === 'kept' || inView(batch.outcomes.verdict(row), view)
}

/** A batch is seen by one view, so elements of different views go on one run after the other. */
function runsOfView(waiting: readonly Waiting[]): Waiting[][] {
  const runs: Waiting[][] = []
  for (const each of waiting) {
    const run = runs.at(-1)
    if (run && run[0]!.view === each.view) run.push(each)
    else runs.push([each])
  }
  return runs
}
