import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'

/** Keeps rows whose tests passed; `any` keeps every label, the ungraded ones included. */
export const keepResolved = defineFilter({
  module: import.meta.url,
  name: 'keepResolved',
  options: z.strictObject({ resolved: z.enum(['passed', 'any']) }),
  reads: ['resolved'],
  pushDown: true,
  open:
    ({ resolved }) =>
    (row: { readonly resolved: number | null }) =>
      resolved === 'any' || row.resolved === 1
        ? null
        : {
            reason: row.resolved === 0 ? 'tests_failed' : 'ungraded',
            value: row.resolved === 0 ? 0 : -1,
            threshold: 1,
          },
})
