import { z } from 'zod'
import type { Cell, ColumnType } from '../pipeline/batch/columns.ts'
import { StepError } from '../pipeline/errors.ts'

/**
 * The columns of a table, by name and in the table's order. The graph knows them: whoever builds it passes the
 * schema on.
 */
export const tableColumns = z.record(
  z.string().min(1),
  z.object({
    type: z.enum(['int32', 'int64', 'double', 'boolean', 'string']),
    unit: z.string().default(''),
    doc: z.string().default(''),
  }),
)

export type TableColumns = z.output<typeof tableColumns>

const FITS: Readonly<Record<ColumnType, (cell: Cell) => boolean>> = {
  int32: (cell) => typeof cell === 'number' && (cell | 0) === cell,
  int64: (cell) => Number.isSafeInteger(cell),
  double: (cell) => typeof cell === 'number',
  boolean: (cell) => typeof cell === 'boolean',
  string: (cell) => typeof cell === 'string',
}

/** Throws StepError naming the first cell that is neither null nor of the column's type. */
export function checkCells(cells: readonly Cell[], type: ColumnType, name: string): void {
  const fits = FITS[type]
  const wrong = cells.find((cell) => cell !== null && !fits(cell))
  if (wrong === undefined) return
  throw new StepError(
    `column '${name}' is ${type} and got ${JSON.stringify(wrong)}: correct the step that adds it`,
  )
}
