import { Random } from '../../../support/random.ts'
import type { Outcome, Rig } from './rig.ts'
import type { MatrixRow } from './rows.ts'

/** What became of a row's trials. */
export interface RowResult {
  readonly tried: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly seconds: number
  /** what went wrong, with the seed that does it again */
  readonly wrong: readonly string[]
}

/** Runs a row's trials, or a part of them. */
export async function runRow(
  rig: Rig,
  row: MatrixRow,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): Promise<RowResult> {
  const outcomes = { equal: 0, refused: 0, reported: 0, wrong: 0 }
  const wrong: string[] = []
  const started = performance.now()
  for (let trial = 0; trial < trials; trial++) {
    const { outcome, said } = await row.trial(rig, new Random(seed + trial))
    outcomes[outcome]++
    if (!row.allowed.includes(outcome)) wrong.push(`seed ${seed + trial}: ${outcome} ${said}`)
  }
  return { tried: trials, outcomes, seconds: (performance.now() - started) / 1000, wrong }
}
