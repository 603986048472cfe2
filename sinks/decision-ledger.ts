import { z } from 'zod'
import type { Cell, ColumnSpec } from '../pipeline/batch/columns.ts'
import type { SinkBundle } from '../pipeline/graph/sink.ts'
import { defineSink } from '../pipeline/graph/write.ts'
import { TableFile } from './parquet/table-file.ts'

const label = (doc: string): ColumnSpec => ({ type: 'string', unit: '', doc })

/**
 * What the ledger says of a row. A filter's value and threshold can be numbers or words: the words' columns hold
 * both as text, the numbers' columns hold what can be compared and added.
 */
const LEDGER_COLUMNS: Readonly<Record<string, ColumnSpec>> = {
  source_file: label('file that the row was read from'),
  source_row: {
    type: 'int64',
    unit: 'rows',
    doc: 'position in its file, from 0; null when it came from several',
  },
  source_revision: label('commit of the dataset; null for local files'),
  trajectory_id: label('id of the trajectory'),
  instance_id: label('id of the task'),
  verdict: label('kept, dropped or failed'),
  step: label('step that decided it; null for kept rows'),
  reason: label('why the step dropped the row'),
  value: label('what the step measured, as text'),
  value_number: { type: 'double', unit: '', doc: 'what the step measured, where it is a number' },
  threshold: label('what the step would have taken, as text'),
  threshold_number: { type: 'double', unit: '', doc: 'what the step would have taken, where it is a number' },
  error_field: label('field at fault in a failed row'),
  error: label('why the row failed'),
}

const MIXED = ['value', 'threshold']

const options = z.strictObject({
  directory: z.string().default('ledger'),
  prefix: z.string().default('decisions'),
})

/** The decision ledger: one verdict for every input row, in Parquet, with what was measured and the threshold. */
export const writeLedger = defineSink({
  module: import.meta.url,
  name: 'writeLedger',
  options,
  columns: () => Object.keys(LEDGER_COLUMNS).filter((name) => !name.endsWith('_number')),
  async open({ directory, prefix }, context) {
    const path = `${directory}/${prefix}-00000.parquet`
    const file = await TableFile.open(context, { path, columns: LEDGER_COLUMNS, compression: 'zstd' })
    return {
      write: (bundle) => file.append(bundle.rows, (name) => ledgerCells(bundle, name)),
      commit: () => file.commit(),
      abort: () => file.abort(),
    }
  },
})

function ledgerCells(bundle: SinkBundle, name: string): readonly Cell[] {
  const mixed = MIXED.find((each) => name === `${each}_number`)
  if (mixed) return bundle.column(mixed).map((cell) => (typeof cell === 'number' ? cell : null))
  const cells = bundle.column(name)
  return MIXED.includes(name) ? cells.map((cell) => (cell === null ? null : String(cell))) : cells
}
