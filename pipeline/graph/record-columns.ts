/**
 * Columns that every row has whatever the pipeline: where it came from, and what became of it. `value` and `threshold`
 * keep the type that the filter gave them.
 */
export const RECORD_COLUMNS = [
  'source_file',
  'source_revision',
  'source_row',
  'verdict',
  'step',
  'reason',
  'value',
  'threshold',
  'error_field',
  'error',
] as const

export type RecordColumn = (typeof RECORD_COLUMNS)[number]
