import type { Batch } from '../batch/batch.ts'
import type { Cell } from '../batch/columns.ts'
import { RECORD_COLUMNS, type RecordColumn } from '../graph/record-columns.ts'
import { inView, type View } from '../graph/view.ts'

type Read = (batch: Batch, row: number) => Cell

const RECORD: Readonly<Record<RecordColumn, Read>> = {
  source_file: (batch) => batch.origin.file,
  source_revision: (batch) => batch.origin.revision,
  source_row: (batch, row) => batch.sourceRow(row),
  verdict: (batch, row) => batch.outcomes.verdict(row),
  step: (batch, row) => batch.outcomes.of(row)?.step ?? null,
  reason: (batch, row) => refusal(batch, row)?.reason ?? null,
  value: (batch, row) => refusal(batch, row)?.value ?? null,
  threshold: (batch, row) => refusal(batch, row)?.threshold ?? null,
  error_field: (batch, row) => failure(batch, row)?.field ?? null,
  error: (batch, row) => failure(batch, row)?.message ?? null,
}

function refusal(batch: Batch, row: number) {
  const mark = batch.outcomes.of(row)
  return mark?.verdict === 'dropped' ? mark : null
}

function failure(batch: Batch, row: number) {
  const mark = batch.outcomes.of(row)
  return mark?.verdict === 'failed' ? mark : null
}

/** A record column, a column that a step added, or a member of the row at top level; null where there is none. */
export function cellOf(batch: Batch, row: number, name: string): Cell {
  const record = RECORD[name as RecordColumn] as Read | undefined
  return record ? record(batch, row) : batch.cell(row, name)
}

export function rowsInView(batch: Batch, view: View): number[] {
  const rows: number[] = []
  for (let row = 0; row < batch.length; row++) if (inView(batch.outcomes.verdict(row), view)) rows.push(row)
  return rows
}

/** What a DoFn or Combine is given for a row: of failed rows, only the record can be read. */
export function elementOf(batch: Batch, row: number, view: View): unknown {
  if (view !== 'failed') return batch.row(row)
  return Object.fromEntries(RECORD_COLUMNS.map((name) => [name, cellOf(batch, row, name)]))
}
