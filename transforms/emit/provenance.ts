import type { Batch } from '../../pipeline/batch/batch.ts'
import type { Cell } from '../../pipeline/batch/columns.ts'
import type { ByteWriter } from '../../pipeline/graph/byte-writer.ts'
import type { Trajectory } from '../trajectory.ts'

/** Row members that are written as they are; steps may have redefined them. */
const COPIED = ['trajectory_id', 'instance_id', 'repo', 'license', 'language'] as const

/** What `writeProvenance` reads of a row. */
export const PROVENANCE_READS = [...COPIED, 'resolved', 'hf_dataset_name', 'metadata.teacher_model.name']

interface ProvenanceOptions {
  /** what stands for a text that is not known */
  readonly unknown: '' | null
}

/**
 * Writes where the example came from, as further members of its object: `,"trajectory_id":…`. An ungraded row's
 * `resolved` is -1; `source_row` counts from 0.
 */
export function writeProvenance(
  batch: Batch,
  row: number,
  trajectory: Trajectory,
  writer: ByteWriter,
  { unknown }: ProvenanceOptions,
): void {
  const member = (name: string, value: Cell) => {
    writer.literal(`,"${name}":`)
    writer.json(value)
  }
  for (const name of COPIED) member(name, batch.cell(row, name) ?? unknown)
  member('resolved', batch.cell(row, 'resolved') ?? -1)
  member('harness', trajectory.harness)
  member('teacher_model', trajectory.teacherModel ?? unknown)
  member('dataset', batch.cell(row, 'hf_dataset_name') ?? unknown)
  member('source_file', batch.origin.file)
  member('source_row', batch.sourceRow(row))
  member('source_revision', batch.origin.revision ?? unknown)
}
