import type { PCollection } from './pipeline.ts'
import { VIEWS } from './view.ts'

/** The record of a row that could not be read or measured. */
export interface FailedRow {
  readonly source_file: string
  readonly source_revision: string | null
  /** position in the file, from 0 */
  readonly source_row: number | null
  /** the step that gave up on it */
  readonly step: string
  /** path of the member at fault; empty when it is the row as a whole */
  readonly error_field: string
  readonly error: string
}

/** A marked collection by what became of its rows. */
export interface ByOutcome<T> {
  /** every row, whatever its outcome: for records and tables */
  readonly every: PCollection<T>
  /** every row that could be read: kept and dropped ones */
  readonly measured: PCollection<T>
  readonly kept: PCollection<T>
  readonly dropped: PCollection<T>
  readonly failed: PCollection<FailedRow>
}

/** Tells the rows of a marked collection apart by their outcome. */
export function outcomes<T>(input: PCollection<T>): ByOutcome<T> {
  return input.pipeline.add('outcomes', { kind: 'outcomes' }, [input], VIEWS)
}
