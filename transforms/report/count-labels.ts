import { z } from 'zod'
import { defineCombine } from '../../pipeline/index.ts'

/** Rows by label. */
export interface LabelCount {
  readonly passed: number
  readonly failed: number
  readonly ungraded: number
}

/** Counts labels, so that a leaf without any is seen before a filter on labels empties it. */
export const countLabels = defineCombine({
  module: import.meta.url,
  name: 'countLabels',
  options: z.strictObject({}),
  reads: ['resolved'],
  open: () => ({
    createAccumulator: (): LabelCount => ({ passed: 0, failed: 0, ungraded: 0 }),
    addInput: (count, { resolved }: { readonly resolved: number | null }): LabelCount =>
      resolved === 1
        ? { ...count, passed: count.passed + 1 }
        : resolved === 0
          ? { ...count, failed: count.failed + 1 }
          : { ...count, ungraded: count.ungraded + 1 },
    mergeAccumulators: (parts) => ({
      passed: parts.reduce((sum, { passed }) => sum + passed, 0),
      failed: parts.reduce((sum, { failed }) => sum + failed, 0),
      ungraded: parts.reduce((sum, { ungraded }) => sum + ungraded, 0),
    }),
    extractOutput: (count) => count,
  }),
})
