import { editDistance } from '../closest-word.ts'
import { UsageError } from '../errors.ts'
import { count } from './amounts.ts'
import type { FinishedRun, TableRow } from './finished-run.ts'

/** All that a finished run knows of one trajectory. */
export interface Explanation {
  readonly decision: TableRow
  /** its row of the analysis table */
  readonly measures: TableRow
  /** file of the training set and line in it, from 1; null for rows that were not kept */
  readonly output: { readonly file: string; readonly line: number } | null
}

/**
 * Finds a trajectory in a finished run by its id or by the beginning of it; several rows can have the same id.
 * Throws UsageError when there is none, or when the beginning fits several ids.
 */
export async function explain(run: FinishedRun, wanted: string): Promise<Explanation[]> {
  const ledger = await run.rows('ledger', { columns: ['trajectory_id', 'verdict'] })
  const ids = ledger.map(({ trajectory_id }) => String(trajectory_id ?? ''))
  const id = ids.includes(wanted) ? wanted : completeId(ids, wanted)
  const found: Explanation[] = []
  let kept = 0
  for (const [at, { verdict }] of ledger.entries()) {
    if (verdict === 'kept') kept++
    if (ids[at] !== id) continue
    const range = [at, at + 1] as const
    const [decision] = await run.rows('ledger', { range })
    // Both tables have a row for every row that was read, in the same order.
    const [measures] = await run.rows('analysis', { range })
    found.push({
      decision: decision!,
      measures: measures ?? {},
      output: verdict === 'kept' ? lineOf(run, kept) : null,
    })
  }
  return found
}

/** Ids that are listed when the beginning of one fits several. */
const IDS_SHOWN = 5
/** An id with more wrong characters than this is another id. */
const WRONG_CHARACTERS = 4

function completeId(ids: readonly string[], wanted: string): string {
  const distinct = new Set(ids.filter((id) => wanted !== '' && id.startsWith(wanted)))
  const [first, second] = distinct
  if (first !== undefined && second === undefined) return first
  if (first !== undefined) {
    const some = [...distinct].slice(0, IDS_SHOWN).join('\n  ')
    throw new UsageError(
      `'${wanted}' is the beginning of ${count(distinct.size)} ids, for instance\n  ${some}`,
    )
  }
  const near = closestId(ids, wanted)
  throw new UsageError(
    `the run has no trajectory '${wanted}'${near === null ? `; it has ${count(ids.length)} others` : `; did you mean ${near}?`}`,
  )
}

function closestId(ids: readonly string[], wanted: string): string | null {
  let near: string | null = null
  let least = Math.min(WRONG_CHARACTERS, Math.ceil(wanted.length / 3))
  for (const id of ids) {
    const distance = editDistance(wanted, id.slice(0, wanted.length), least)
    if (distance >= least) continue
    least = distance
    near = id
  }
  return near
}

/** Kept rows are written in the order of the ledger, shard after shard. */
function lineOf(run: FinishedRun, rank: number): Explanation['output'] {
  let line = rank
  for (const { path, rows } of run.trainingFiles) {
    if (line <= rows) return { file: path, line }
    line -= rows
  }
  return null
}
