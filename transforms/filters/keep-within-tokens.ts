import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'

/** Keeps trajectories of at most so many tokens: a trainer would cut a longer one. */
export const keepWithinTokens = defineFilter({
  module: import.meta.url,
  name: 'keepWithinTokens',
  options: z.strictObject({ maxTokens: z.int().positive() }),
  reads: ['tokens'],
  open:
    ({ maxTokens }) =>
    ({ tokens }: { readonly tokens: number }) =>
      tokens <= maxTokens ? null : { reason: 'too_many_tokens', value: tokens, threshold: maxTokens },
})
