import type { Cell, ColumnSpec } from '../../pipeline/batch/columns.ts'

const column = (type: ColumnSpec['type'], doc: string): ColumnSpec => ({ type, unit: '', doc })

/** One column of every type, and one that is always null. */
export const COLUMNS = {
  trajectory_id: column('string', 'id, with “quotes”, commas and line breaks'),
  turns: column('int32', 'small integers'),
  tokens: column('int64', 'integers past 32 bits'),
  entropy: column('double', 'fractions'),
  tests_run: column('boolean', 'flags'),
  never: column('string', 'nothing at all'),
} satisfies Record<string, ColumnSpec>

/** Rows with the edges of every type, and nulls between them. */
export const TABLE_ROWS: readonly Readonly<Record<keyof typeof COLUMNS, Cell>>[] = [
  cells('plain', 1, 2, 0.1, true),
  cells('a "quoted", text\r\nof two lines', -(2 ** 31), -(2 ** 40), -0.5, false),
  cells('', 2 ** 31 - 1, Number.MAX_SAFE_INTEGER, 1e-300, null),
  cells(null, null, null, null, true),
  cells('=1+1', 0, Number.MIN_SAFE_INTEGER, 1e300, false),
  cells('\u{1f600} ü \u2028', 7, 0, Number.POSITIVE_INFINITY, true),
  cells('x'.repeat(100_000), null, 1, 3, null),
]

function cells(trajectory_id: Cell, turns: Cell, tokens: Cell, entropy: Cell, tests_run: Cell) {
  return { trajectory_id, turns, tokens, entropy, tests_run, never: null }
}
