import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'

const bound = z.int().nonnegative().optional()

interface PatchSize {
  readonly patch_bytes: number | null
  readonly patch_files: number | null
  readonly patch_added_lines: number | null
  readonly patch_removed_lines: number | null
}

/**
 * Keeps trajectories whose patch lies within the bounds: changed lines (added + removed), files, bytes. Without a
 * patch the size is 0. The lines and files of a malformed patch are unknown, so a bound on them refuses it.
 */
export const keepPatchSize = defineFilter({
  module: import.meta.url,
  name: 'keepPatchSize',
  options: z
    .strictObject({
      minLines: bound,
      maxLines: bound,
      minFiles: bound,
      maxFiles: bound,
      minBytes: bound,
      maxBytes: bound,
    })
    .refine(
      (bounds) => Object.values(bounds).some((value) => value !== undefined),
      'needs at least one bound',
    ),
  reads: ['patch_bytes', 'patch_files', 'patch_added_lines', 'patch_removed_lines'],
  open: ({ minLines, maxLines, minFiles, maxFiles, minBytes, maxBytes }) => {
    const rules = [
      { what: 'lines', size: linesOf, min: minLines, max: maxLines },
      { what: 'files', size: filesOf, min: minFiles, max: maxFiles },
      { what: 'bytes', size: (row: PatchSize) => row.patch_bytes ?? 0, min: minBytes, max: maxBytes },
    ].filter(({ min, max }) => min !== undefined || max !== undefined)
    return (row: PatchSize) => {
      for (const { what, size, min, max } of rules) {
        const value = size(row)
        if (value === null) return { reason: 'patch_malformed', value: null, threshold: null }
        if (min !== undefined && value < min)
          return { reason: `patch_too_few_${what}`, value, threshold: min }
        if (max !== undefined && value > max)
          return { reason: `patch_too_many_${what}`, value, threshold: max }
      }
      return null
    }
  },
})

function linesOf(row: PatchSize): number | null {
  if (row.patch_bytes === null) return 0
  return row.patch_added_lines === null ? null : row.patch_added_lines + row.patch_removed_lines!
}

function filesOf(row: PatchSize): number | null {
  return row.patch_bytes === null ? 0 : row.patch_files
}
