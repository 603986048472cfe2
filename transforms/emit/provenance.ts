import type { Batch } from '../../pipeline/batch/batch.ts'
import type { Cell } from '../../pipeline/batch/columns.ts'
import { number, string } from '../../pipeline/batch/schema.ts'
import type { Trajectory } from '../trajectory.ts'

/** Row members that are written as they are; steps may have redefined them. */
const COPIED = ['trajectory_id', 'instance_id', 'repo', 'license', 'language'] as const

/** What `provenance` reads of a row. */
export const PROVENANCE_READS = [...COPIED, 'resolved', 'hf_dataset_name', 'metadata.teacher_model.name']

/** The members of `provenance`. */
export const PROVENANCE = {
  trajectory_id: string(),
  instance_id: string(),
  repo: string(),
  license: string(),
  language: string(),
  resolved: number(),
  harness: string(),
  teacher_model: string(),
  dataset: string(),
  source_file: string(),
  source_row: number(),
  source_revision: string(),
}

/**
 * Where an example came from, in the order in which it is written. An ungraded row's `resolved` is -1; `source_row`
 * counts from 0; `unknown` stands for a text that is not known.
 */
export function provenance(
  batch: Batch,
  row: number,
  { harness, teacherModel }: Trajectory,
  unknown: '' | null,
): Record<keyof typeof PROVENANCE, Cell> {
  const text = (name: string): Cell => batch.cell(row, name) ?? unknown
  return {
    trajectory_id: text('trajectory_id'),
    instance_id: text('instance_id'),
    repo: text('repo'),
    license: text('license'),
    language: text('language'),
    resolved: batch.cell(row, 'resolved') ?? -1,
    harness,
    teacher_model: teacherModel ?? unknown,
    dataset: text('hf_dataset_name'),
    source_file: batch.origin.file,
    source_row: batch.sourceRow(row),
    source_revision: batch.origin.revision ?? unknown,
  }
}
