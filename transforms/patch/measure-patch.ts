import { z } from 'zod'
import { defineTransform } from '../../pipeline/index.ts'
import type { TraceRow, Trajectory } from '../trajectory.ts'
import { analysePatch, type PatchFacts } from './analyse-patch.ts'
import { overlapWithReference } from './reference-overlap.ts'

export interface PatchColumns {
  readonly language: string | null
  readonly patch_bytes: number | null
  readonly patch_malformed: boolean | null
  readonly patch_malformed_reason: string | null
  readonly patch_files: number | null
  readonly patch_hunks: number | null
  readonly patch_added_lines: number | null
  readonly patch_removed_lines: number | null
  readonly patch_new_files: number | null
  readonly patch_deleted_files: number | null
  readonly patch_renamed_files: number | null
  readonly patch_binary_files: number | null
  readonly patch_language: string | null
  readonly patch_languages: string | null
  readonly patch_test_files: number | null
  readonly patch_scratch_files: number | null
  readonly patch_reference_files_shared: number | null
  readonly patch_reference_share: number | null
}

type Measured = { readonly trajectory: Trajectory; readonly language: string | null } & Pick<
  TraceRow,
  'metadata'
>

const files = (doc: string) => ({ type: 'int32', unit: 'files', doc }) as const
const lines = (doc: string) => ({ type: 'int32', unit: 'lines', doc }) as const

/**
 * Measures the final patch. Without a patch every column is null; of a patch that git refuses, the numbers are
 * null and `patch_malformed` is true.
 */
export const measurePatch = defineTransform({
  module: import.meta.url,
  name: 'measurePatch',
  options: z.strictObject({}),
  reads: [
    'trajectory',
    'language',
    'metadata.model_patch.patch',
    'metadata.reference_patch.patch',
    'model_patch',
  ],
  adds: {
    language: {
      type: 'string',
      unit: '',
      doc: "the row's language, normalised; where it names none, the patch's; null when neither is known",
    },
    patch_bytes: { type: 'int64', unit: 'bytes', doc: 'size of the final patch as UTF-8' },
    patch_malformed: { type: 'boolean', unit: '', doc: 'git would refuse the patch; its numbers are null' },
    patch_malformed_reason: { type: 'string', unit: '', doc: 'where and why git would refuse it' },
    patch_files: files('files the patch changes'),
    patch_hunks: { type: 'int32', unit: 'hunks', doc: 'hunks of the patch' },
    patch_added_lines: lines('added lines, as git apply --numstat counts them'),
    patch_removed_lines: lines('removed lines, as git apply --numstat counts them'),
    patch_new_files: files('files the patch creates'),
    patch_deleted_files: files('files the patch deletes'),
    patch_renamed_files: files('files the patch renames'),
    patch_binary_files: files('binary files the patch changes'),
    patch_language: {
      type: 'string',
      unit: '',
      doc: 'the programming language with most changed lines, by the file names of linguist',
    },
    patch_languages: {
      type: 'string',
      unit: 'lines',
      doc: 'changed lines by language, most first, as a JSON object',
    },
    patch_test_files: files('files named like tests'),
    patch_scratch_files: files('new files that look left behind: reproduction scripts, backups, rejects'),
    patch_reference_files_shared: files(
      'files that the reference patch changes too; null without a reference',
    ),
    patch_reference_share: {
      type: 'double',
      unit: 'share',
      doc: "of the reference patch's files, the part that the patch changes too; null without a reference",
    },
  },
  open: () => ({ row: measure }),
})

const NOTHING: Omit<PatchColumns, 'language'> = {
  patch_bytes: null,
  patch_malformed: null,
  patch_malformed_reason: null,
  patch_files: null,
  patch_hunks: null,
  patch_added_lines: null,
  patch_removed_lines: null,
  patch_new_files: null,
  patch_deleted_files: null,
  patch_renamed_files: null,
  patch_binary_files: null,
  patch_language: null,
  patch_languages: null,
  patch_test_files: null,
  patch_scratch_files: null,
  patch_reference_files_shared: null,
  patch_reference_share: null,
}

function measure(row: Measured): PatchColumns {
  const { patch } = row.trajectory.finalPatch
  const { language } = row
  if (patch === null) return { ...NOTHING, language }
  const facts = analysePatch(patch)
  const measured = { ...NOTHING, patch_bytes: Buffer.byteLength(patch), patch_malformed: facts.malformed }
  if (facts.malformed) return { ...measured, language, patch_malformed_reason: facts.malformedReason }
  return {
    ...measured,
    ...numbersOf(facts),
    ...overlapOf(facts, row.metadata.reference_patch.patch),
    language: language ?? facts.language,
  }
}

function numbersOf(facts: PatchFacts) {
  return {
    patch_files: facts.files,
    patch_hunks: facts.hunks,
    patch_added_lines: facts.addedLines,
    patch_removed_lines: facts.removedLines,
    patch_new_files: facts.newFiles,
    patch_deleted_files: facts.deletedFiles,
    patch_renamed_files: facts.renamedFiles,
    patch_binary_files: facts.binaryFiles,
    patch_language: facts.language,
    patch_languages: JSON.stringify(Object.fromEntries(facts.languages)),
    patch_test_files: facts.testFiles,
    patch_scratch_files: facts.scratchFiles,
  }
}

function overlapOf(facts: PatchFacts, reference: string | null) {
  const overlap = reference ? overlapWithReference(facts.paths, analysePatch(reference).paths) : null
  return {
    patch_reference_files_shared: overlap?.shared ?? null,
    patch_reference_share: overlap?.shareOfReference ?? null,
  }
}
