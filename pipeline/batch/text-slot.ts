import type { RowBatch } from './batch.ts'
import type { TextColumn } from './columns.ts'

/** A text that is not null where it lies in a batch's memory: on its way out it need not become a string. */
export class TextSlot {
  readonly batch: RowBatch
  readonly column: TextColumn
  readonly slot: number

  constructor(batch: RowBatch, column: TextColumn, slot: number) {
    this.batch = batch
    this.column = column
    this.slot = slot
  }
}
