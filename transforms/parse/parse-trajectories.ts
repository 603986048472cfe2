import { z } from 'zod'
import { defineTransform, type SourcePosition, transient } from '../../pipeline/index.ts'
import type { TraceRow, Trajectory } from '../trajectory.ts'
import { parseTrajectory } from './parse-trajectory.ts'

export interface ParsedColumns {
  readonly trajectory: Trajectory
  readonly turns: number
  readonly tool_calls: number
  readonly calls_from_text: boolean
  readonly harness: string
  readonly end_state: string
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
    end_state: {
      type: 'string',
      unit: '',
      doc: 'submitted: the harness took a patch; finished: the agent said it was done; cut_off: neither',
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
    turns: trajectory.turns.length,
    tool_calls: trajectory.calls.length,
    calls_from_text: trajectory.callsFromText,
    harness: trajectory.harness,
    end_state: trajectory.end,
    patch_from: trajectory.finalPatch.from,
    invalid_arguments: flags.invalidArguments,
    orphan_observations: flags.orphanObservations,
    unanswered_calls: flags.unansweredCalls,
    repeated_call_ids: flags.repeatedIds,
  }
}
