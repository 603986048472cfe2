import type { ColumnSpec } from '../pipeline/index.ts'
import { identifyRows } from './parse/identify-rows.ts'
import { parseTrajectories } from './parse/parse-trajectories.ts'
import { measurePatch } from './patch/measure-patch.ts'
import { countTokens } from './tokens/count-tokens.ts'
import { measureToolUse } from './tool-use/measure-tool-use.ts'

const text = (doc: string): ColumnSpec => ({ type: 'string', unit: '', doc })

const { trajectory_id, instance_id, repo, license } = columnsOf(identifyRows)

/** Who the row is and where it came from. */
const identity: Record<string, ColumnSpec> = {
  trajectory_id: trajectory_id!,
  instance_id: instance_id!,
  repo: repo!,
  license: license!,
  source_file: text('the file the row was read from, as it was given'),
  source_row: { type: 'int64', unit: '', doc: 'position of the row in that file, from 0' },
  source_revision: text('commit of the dataset; null for local files'),
}

/** What became of the row. */
const outcome: Record<string, ColumnSpec> = {
  verdict: text('kept, dropped or failed'),
  step: text('the step that dropped or failed the row'),
  reason: text(
    'why it was dropped: the first refusal in the order of the recipe; with `measure: kept`, filters on what is read first come first',
  ),
  error_field: text('of a failed row, the member at fault'),
  error: text('of a failed row, what is wrong'),
}

/**
 * The analysis table: one row a trajectory, kept or not. Every column with its type, unit and meaning; tables, the
 * README and reports read it here.
 */
export const analysisSchema: Readonly<Record<string, ColumnSpec>> = {
  ...identity,
  ...columnsOf(identifyRows, parseTrajectories, countTokens, measurePatch, measureToolUse),
  ...outcome,
}

interface Adds {
  readonly definition: { readonly adds: Readonly<Record<string, { readonly type: string }>> }
}

/** The documented columns that steps add, in the order they do. */
export function columnsOf(...steps: readonly Adds[]): Record<string, ColumnSpec> {
  const specs = steps.flatMap(({ definition }) => Object.entries(definition.adds))
  return Object.fromEntries(specs.filter(([, spec]) => spec.type !== 'transient')) as Record<
    string,
    ColumnSpec
  >
}
