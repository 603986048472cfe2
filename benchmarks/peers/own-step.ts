import { z } from 'zod'
import { defineTransform } from '../../pipeline/index.ts'

interface Row {
  readonly messages: readonly { readonly content: string | null }[] | null
}

/** A user's transform that looks at every line of every message; own_step.py does the same. */
export const ownStep = defineTransform({
  module: import.meta.url,
  name: 'ownStep',
  options: z.strictObject({}),
  reads: ['messages.content'],
  adds: { error_lines: { type: 'int32', unit: 'lines', doc: 'lines of messages that speak of an error' } },
  open: () => ({
    row: (row: Row) => {
      let lines = 0
      for (const { content } of row.messages ?? [])
        for (const line of (content ?? '').split('\n')) if (/error/i.test(line)) lines++
      return { error_lines: lines }
    },
  }),
})
