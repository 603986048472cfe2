/**
 * A transform of one's own: it counts the lines of the environment's feedback that speak of an error, and adds the
 * count as a column of the analysis table. In a recipe:
 *
 *     steps:
 *       - use: ./error-lines.ts
 *         options: { pattern: 'error|exception' }
 */
import { defineTransform } from 'trace-sluice'
import { z } from 'zod'

interface Row {
  readonly messages: readonly { readonly role: string | null; readonly content: string | null }[] | null
}

export const errorLines = defineTransform({
  module: import.meta.url,
  name: 'errorLines',
  options: z.strictObject({ pattern: z.string().default('error') }),
  reads: ['messages.role', 'messages.content'],
  adds: { error_lines: { type: 'int32', unit: 'lines', doc: 'lines of feedback that speak of an error' } },
  open({ pattern }) {
    const error = new RegExp(pattern, 'i')
    return {
      row: (row: Row) => {
        const feedback = (row.messages ?? []).filter(({ role }) => role === 'tool')
        const lines = feedback.flatMap(({ content }) => (content ?? '').split('\n'))
        return { error_lines: lines.filter((line) => error.test(line)).length }
      },
    }
  },
})
