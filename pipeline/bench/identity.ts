import { z } from 'zod'
import { defineTransform } from '../graph/transform.ts'

/** A step that does nothing with a row: what it takes is the floor under every step that is given rows. */
export const identity = defineTransform<unknown, Record<never, never>, z.ZodType>({
  module: import.meta.url,
  name: 'identity',
  options: z.strictObject({}),
  reads: [],
  adds: {},
  open: () => ({ row: () => ({}) }),
})
