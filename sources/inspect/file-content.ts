import type { FileFacts, RowTally, ShapeColumns } from './inspection.ts'

/** What was found in one file. */
export interface FileContent {
  readonly facts: Omit<FileFacts, 'file' | 'bytes' | 'shape'>
  /** null where nothing of its schema is known */
  readonly columns: ShapeColumns | null
  readonly tally: RowTally
}
