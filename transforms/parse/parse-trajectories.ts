import { createHash } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { defineTransform, type SourcePosition, transient } from '../../pipeline/index.ts'
import type { TraceRow, Trajectory } from '../trajectory.ts'
import { parseTrajectory } from './parse-trajectory.ts'

export interface ParsedColumns {
  readonly trajectory: Trajectory
  readonly trajectory_id: string
  readonly instance_id: string | null
  readonly repo: string | null
  readonly license: string | null
  readonly leaf: string
  readonly turns: number
  readonly tool_calls: number
  readonly calls_from_text: boolean
  readonly harness: string
  readonly teacher_model: string | null
  readonly end_state: string
  readonly resolved: number
  readonly language: string | null
  readonly patch_from: string
  readonly invalid_arguments: number
  readonly orphan_observations: number
  readonly unanswered_calls: number
  readonly repeated_call_ids: number
}

/** Finds the trajectory in each row: its turns, its calls with what answered them, its end and its final patch. */
export const parseTrajectories = defineTransform({
  module: import.meta.url,
  name: 'parseTrajectories',
  options: z.strictObject({}),
  reads: [
    'trajectory_id',
    'instance_id',
    'repo',
    'license',
    'messages',
    'tools',
    'resolved',
    'language',
    'metadata.teacher_model.name',
    'metadata.model_patch.patch',
    'model_patch',
  ],
  adds: {
    trajectory: transient,
    trajectory_id: {
      type: 'string',
      unit: '',
      doc: "the row's own id; where it has none, a hash of the source path, the row's position and its messages",
    },
    instance_id: { type: 'string', unit: '', doc: 'the task that the agent worked on' },
    repo: { type: 'string', unit: '', doc: 'the repository of the task' },
    license: { type: 'string', unit: '', doc: "SPDX id of the repository's licence" },
    leaf: { type: 'string', unit: '', doc: 'folder of the source file: the leaf of the dataset' },
    turns: { type: 'int32', unit: 'messages', doc: 'messages of the row' },
    tool_calls: {
      type: 'int32',
      unit: 'calls',
      doc: 'structured tool calls; in a row without any, the calls read from its text',
    },
    calls_from_text: {
      type: 'boolean',
      unit: '',
      doc: 'the row has no structured call and its calls were read from fences or tags in the text',
    },
    harness: { type: 'string', unit: '', doc: 'openhands, sweagent, minisweagent or unknown' },
    teacher_model: {
      type: 'string',
      unit: '',
      doc: 'the model that wrote the trajectory, as the row names it',
    },
    end_state: {
      type: 'string',
      unit: '',
      doc: 'submitted: the harness took a patch; finished: the agent said it was done; cut_off: neither',
    },
    resolved: {
      type: 'int32',
      unit: '',
      doc: '1 the tests passed, 0 they failed, -1 never graded; null reads as -1',
    },
    language: {
      type: 'string',
      unit: '',
      doc: "the row's language, normalised; where it names none, the patch's; null when neither is known",
    },
    patch_from: {
      type: 'string',
      unit: '',
      doc: 'where the final patch was found: metadata, top_level, observation, or none',
    },
    invalid_arguments: { type: 'int32', unit: 'calls', doc: 'calls whose arguments are not JSON' },
    orphan_observations: {
      type: 'int32',
      unit: 'messages',
      doc: 'tool messages that answer no open call; they became user turns',
    },
    unanswered_calls: { type: 'int32', unit: 'calls', doc: 'calls that no message answers' },
    repeated_call_ids: { type: 'int32', unit: 'ids', doc: 'call ids that occur more than once in the row' },
  },
  open: () => ({ row: parse }),
})

function parse(row: TraceRow, position: SourcePosition): ParsedColumns {
  const trajectory = parseTrajectory(row, { path: position.file })
  const { flags } = trajectory
  return {
    trajectory,
    trajectory_id: row.trajectory_id || derivedId(row, position),
    instance_id: row.instance_id || null,
    repo: row.repo || null,
    license: row.license || null,
    leaf: path.posix.dirname(position.file),
    turns: trajectory.turns.length,
    tool_calls: trajectory.calls.length,
    calls_from_text: trajectory.callsFromText,
    harness: trajectory.harness,
    teacher_model: trajectory.teacherModel,
    end_state: trajectory.end,
    resolved: row.resolved === 1 || row.resolved === 0 ? row.resolved : -1,
    language: trajectory.language,
    patch_from: trajectory.finalPatch.from,
    invalid_arguments: flags.invalidArguments,
    orphan_observations: flags.orphanObservations,
    unanswered_calls: flags.unansweredCalls,
    repeated_call_ids: flags.repeatedIds,
  }
}

/** A UUID of the custom kind (version 8) made of a SHA-256. */
function derivedId(row: TraceRow, { file, row: index }: SourcePosition): string {
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
