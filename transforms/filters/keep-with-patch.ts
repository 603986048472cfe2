import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'

/** Keeps trajectories that left a patch. */
export const keepWithPatch = defineFilter({
  module: import.meta.url,
  name: 'keepWithPatch',
  options: z.strictObject({}),
  reads: ['patch_bytes'],
  open:
    () =>
    ({ patch_bytes }: { readonly patch_bytes: number | null }) =>
      patch_bytes === null ? { reason: 'no_patch', value: null, threshold: null } : null,
})
