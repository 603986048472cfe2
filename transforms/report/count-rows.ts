import { z } from 'zod'
import { defineCombine } from '../../pipeline/index.ts'

/** Rows and their tokens. */
export interface RowCount {
  readonly rows: number
  readonly tokens: number
}

/** Counts rows and tokens: of a language, a licence, a teacher model. */
export const countRows = defineCombine({
  module: import.meta.url,
  name: 'countRows',
  options: z.strictObject({}),
  reads: ['tokens'],
  open: () => ({
    createAccumulator: (): RowCount => ({ rows: 0, tokens: 0 }),
    addInput: ({ rows, tokens }, row: { readonly tokens: number | null }): RowCount => ({
      rows: rows + 1,
      tokens: tokens + (row.tokens ?? 0),
    }),
    mergeAccumulators: (parts) => ({
      rows: parts.reduce((sum, { rows }) => sum + rows, 0),
      tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    }),
    extractOutput: (count) => count,
  }),
})
