import type { Batch } from '../batch/batch.ts'
import { plainCopy } from '../batch/row.ts'
import type { CollectionId } from '../graph/node.ts'
import type { View } from '../graph/view.ts'
import type { BundleOutput, NodeRunner } from './node-runner.ts'
import { elementOf, rowsInView } from './record-columns.ts'

/** Gathers the elements that a step on the main thread wants: rows, also inside of a value, cross as plain copies. */
export class CrossingRunner implements NodeRunner {
  readonly #collection: CollectionId
  #values: unknown[] = []
  #sourceRows: (number | null)[] = []
  #file = ''
  #revision: string | null = null

  constructor(collection: CollectionId) {
    this.#collection = collection
  }

  startBundle(): void {
    this.#values = []
    this.#sourceRows = []
  }

  accept(batch: Batch, view: View): void {
    this.#file = batch.origin.file
    this.#revision = batch.origin.revision
    for (const row of rowsInView(batch, view)) {
      this.#values.push(plainCopy(elementOf(batch, row, view)))
      this.#sourceRows.push(batch.sourceRow(row))
    }
  }

  finishBundle({ crossings }: BundleOutput): void {
    crossings[this.#collection] = {
      file: this.#file,
      revision: this.#revision,
      values: this.#values,
      sourceRows: this.#sourceRows,
    }
  }
}
