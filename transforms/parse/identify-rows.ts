import { createHash } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { type BatchFace, defineTransform, type RowBatch } from '../../pipeline/index.ts'
import { normaliseLanguage } from '../patch/language.ts'
import type { TraceRow } from '../trajectory.ts'

export interface IdentityColumns {
  readonly trajectory_id: string
  readonly instance_id: string | null
  readonly repo: string | null
  readonly license: string | null
  readonly leaf: string
  readonly teacher_model: string | null
  readonly resolved: number
  readonly language: string | null
}

const text = (doc: string) => ({ type: 'string', unit: '', doc }) as const

/**
 * Says which row it is, whatever becomes of it: a row that can't be parsed, or that a filter refused before anything
 * else was read, has a name and a label too. Empty texts are null.
 */
export const identifyRows = defineTransform({
  module: import.meta.url,
  name: 'identifyRows',
  options: z.strictObject({}),
  reads: [
    'trajectory_id',
    'instance_id',
    'repo',
    'license',
    'messages',
    'resolved',
    'language',
    'metadata.teacher_model.name',
  ],
  adds: {
    trajectory_id: text(
      "the row's own id; where it has none, a hash of the source path, the row's position and its messages",
    ),
    instance_id: text('the task that the agent worked on'),
    repo: text('the repository of the task'),
    license: text("SPDX id of the repository's licence"),
    leaf: text('folder of the source file: the leaf of the dataset'),
    teacher_model: text('the model that wrote the trajectory, as the row names it'),
    resolved: {
      type: 'int32',
      unit: '',
      doc: '1 the tests passed, 0 they failed, -1 never graded; null reads as -1',
    },
    language: text(
      "the row's language, normalised; where it names none, the patch's; null when neither is known",
    ),
  },
  open: (): BatchFace<TraceRow, IdentityColumns> => ({
    batch: (batch) => {
      const leaf = path.posix.dirname(batch.origin.file)
      for (let row = 0; row < batch.length; row++)
        for (const [name, value] of Object.entries(identityOf(batch, row, leaf))) batch.add(row, name, value)
    },
  }),
})

function identityOf(batch: RowBatch<TraceRow>, index: number, leaf: string): IdentityColumns {
  const row = batch.row(index)
  const { resolved, language } = row
  return {
    trajectory_id: row.trajectory_id || derivedId(row, batch.origin.file, batch.sourceRow(index)),
    instance_id: row.instance_id || null,
    repo: row.repo || null,
    license: row.license || null,
    leaf,
    teacher_model: row.metadata.teacher_model?.name || null,
    resolved: resolved === 1 || resolved === 0 ? resolved : -1,
    language: language ? normaliseLanguage(language) : null,
  }
}

/** A UUID of the custom kind (version 8) made of a SHA-256. */
function derivedId(row: TraceRow, file: string, index: number): string {
  const hash = createHash('sha256')
    .update(`${file}\n${index}\n`)
    .update(JSON.stringify(row.messages))
    .digest('hex')
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
