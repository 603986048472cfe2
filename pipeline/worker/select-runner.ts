import type { Batch } from '../batch/batch.ts'
import type { Cell } from '../batch/columns.ts'
import type { Selection } from '../graph/selection.ts'
import type { View } from '../graph/view.ts'
import type { NodeOf } from '../plan/plan.ts'
import type { BundleOutput, Emit, NodeRunner } from './node-runner.ts'
import { cellOf, rowsInView } from './record-columns.ts'

/** Accumulates what the selection needs of the rows still kept, and passes every row on for the record. */
export class SelectRunner implements NodeRunner {
  readonly #node: NodeOf<'select'>
  readonly #selection: Selection<unknown, unknown>
  readonly #emit: Emit
  #accumulator: unknown
  #sourceRows: (number | null)[] = []
  #columns: Record<string, Cell[]> = {}

  constructor(node: NodeOf<'select'>, selection: Selection<unknown, unknown>, emit: Emit) {
    this.#node = node
    this.#selection = selection
    this.#emit = emit
  }

  startBundle(): void {
    this.#accumulator = this.#selection.createAccumulator()
    this.#sourceRows = []
    this.#columns = Object.fromEntries(this.#node.columns.map((name) => [name, []]))
  }

  async accept(batch: Batch, view: View): Promise<void> {
    for (const row of rowsInView(batch, 'kept')) {
      const cells = Object.fromEntries(this.#node.columns.map((name) => [name, cellOf(batch, row, name)]))
      this.#accumulator = this.#selection.addInput(this.#accumulator, cells)
      this.#sourceRows.push(batch.sourceRow(row))
      for (const name of this.#node.columns) this.#columns[name]!.push(cells[name]!)
    }
    await this.#emit(this.#node.outputs.output!, batch, view)
  }

  finishBundle(output: BundleOutput): void {
    output.selection = {
      accumulator: this.#accumulator,
      sourceRows: this.#sourceRows,
      columns: this.#columns,
    }
  }
}
