import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'
import { normaliseLanguage } from '../patch/language.ts'

/**
 * Keeps rows of the listed languages, whichever way they are spelt. Asked before the patch is read, it lets a row
 * without a label pass: the patch may name the language later.
 */
export const keepLanguages = defineFilter({
  module: import.meta.url,
  name: 'keepLanguages',
  options: z.strictObject({
    languages: z
      .array(
        z
          .string()
          .refine((label) => normaliseLanguage(label) !== null, 'is not a language that linguist knows'),
      )
      .min(1),
  }),
  reads: ['language'],
  pushDown: true,
  open: ({ languages }) => {
    const wanted = new Set(languages.map(normaliseLanguage))
    const threshold = [...wanted].join(' ')
    return (row: { readonly language: string | null; readonly trajectory?: unknown }) => {
      const language = row.language ? normaliseLanguage(row.language) : null
      if (wanted.has(language)) return null
      const early = !row.trajectory
      return early && language === null ? null : { reason: 'language_not_listed', value: language, threshold }
    }
  },
})
