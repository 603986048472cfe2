import { mkdir } from 'node:fs/promises'
import { curate } from '../curate.ts'
import { SourceError } from '../errors.ts'
import { PACKAGE } from '../package.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { LoadedRecipe } from '../recipe/load-recipe.ts'
import type { UserTransform } from '../recipe/user-module.ts'
import { identity } from './identity.ts'
import { describeMachine, measureLimits } from './machine.ts'
import { type BenchReport, FORMAT } from './report.ts'
import { type Round, type RoundOptions, Rounds } from './round.ts'
import { scalingReports } from './scaling.ts'
import { namesOf, stageReports } from './stages.ts'

export interface BenchOptions {
  /** numbers of workers to measure with, ascending; stages are measured with the first */
  readonly workers: readonly number[]
  /** rounds that count, for each number of workers; null for as many as a few seconds take */
  readonly rounds: number | null
  /** rows to read in all */
  readonly limit: number
  /** folder for a CPU profile of each worker; null for none */
  readonly profiles: string | null
  readonly signal: AbortSignal
  /** called as each part of the measurement begins */
  onPart(part: string): void
}

/**
 * Measures a recipe's pipeline with its own steps, sinks, threads and data. For each number of workers one round warms
 * up and is not counted; the others take turns, so that a machine's moods fall on all alike. What takes time to measure
 * comes after them, with one worker. Output goes to temporary folders that are removed.
 */
export async function measureRecipe(recipe: LoadedRecipe, options: BenchOptions): Promise<BenchReport> {
  const { workers, limit, profiles, signal, onPart } = options
  const { pipeline, reports } = curate(withFloor(recipe))
  const { measure } = recipe
  const open = (more: Pick<RoundOptions, 'workers' | 'costs'>) =>
    new Rounds(pipeline, { ...more, limit, measure, signal })
  const measured = new Map<number, Round[]>()
  const benches = workers.map((some) => ({ workers: some, bench: open({ workers: some, costs: false }) }))
  const costs = open({ workers: 1, costs: true })
  const profiled = open({ workers: workers.at(-1)!, costs: false })
  try {
    const warm: Round[] = []
    for (const { workers: some, bench } of benches) {
      onPart(`warming up, ${workerWords(some)}`)
      warm.push(refuseEmpty(recipe, await bench.run()))
    }
    const rounds = options.rounds ?? roundsIn(SECONDS, warm)
    for (let round = 1; round <= rounds; round++)
      for (const { workers: some, bench } of benches) {
        onPart(`round ${round} of ${rounds}, ${workerWords(some)}`)
        measured.set(some, [...(measured.get(some) ?? []), await bench.run()])
      }
    onPart('what each step costs')
    const costRounds: Round[] = []
    const costsWarm = await costs.run()
    const ofCosts = options.rounds ?? roundsIn(COST_SECONDS, [costsWarm], 1)
    for (let round = 1; round <= ofCosts; round++) costRounds.push(await costs.run())
    if (profiles !== null) {
      onPart('profiling')
      await mkdir(profiles, { recursive: true })
      await profiled.profile(profiles)
    }
    onPart('what the machine can do')
    const { result } = warm[0]!
    const limits = await measureLimits(result.files)
    const tokens = result.elements(reports.languagesBefore).reduce((sum, [, { tokens }]) => sum + tokens, 0)
    const data = {
      files: result.files.length,
      rows: result.rows,
      bytes: result.bytes,
      bundles: result.bundles,
      tokens,
    }
    return {
      format: FORMAT,
      sluice: PACKAGE.version,
      measuredAt: new Date().toISOString(),
      machine: describeMachine(),
      limits,
      recipe: { name: recipe.name, measure },
      data,
      startUpSeconds: warm[0]!.startUpSeconds,
      stageWorkers: workers[0]!,
      stages: stageReports(measured.get(workers[0]!)!, costRounds, { limits, tokens }),
      scaling: scalingReports(measured, data),
    }
  } finally {
    for (const { bench } of benches) await bench.close()
    await costs.close()
    await profiled.close()
  }
}

/** Small data are run over more often. */
const SECONDS = 8
const COST_SECONDS = 1
const LEAST_ROUNDS = 5
const MOST_ROUNDS = 25

function roundsIn(seconds: number, taken: readonly Round[], least = LEAST_ROUNDS): number {
  const each = taken.reduce((sum, round) => sum + round.seconds, 0)
  return Math.min(MOST_ROUNDS, Math.max(least, Math.round(seconds / each)))
}

/** The names that the report's stages will have. */
export function stageNames(recipe: LoadedRecipe): string[] {
  const { pipeline } = curate(withFloor(recipe))
  return namesOf(makePlan(pipeline, { measure: recipe.measure }))
}

/** Behind the user's own steps stands one that does nothing. */
function withFloor(recipe: LoadedRecipe): LoadedRecipe {
  return { ...recipe, userSteps: [...recipe.userSteps, identity({}) as UserTransform] }
}

function refuseEmpty({ from }: LoadedRecipe, round: Round): Round {
  if (round.result.rows > 0) return round
  throw new SourceError(`${from.join(', ')} holds no rows, so there is nothing to measure`, {
    where: { file: from[0]! },
  })
}

function workerWords(workers: number): string {
  return `${workers} worker${workers === 1 ? '' : 's'}`
}
