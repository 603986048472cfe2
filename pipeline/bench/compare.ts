import type { BenchReport, StageReport } from './report.ts'
import { studentT } from './student-t.ts'

/** How something changed from one report to another. */
export interface Change {
  /** geometric mean of the later times over that of the earlier ones: below 1 is faster */
  readonly ratio: number
  /** bounds of the confidence interval of the ratio; null where a report has fewer than two rounds */
  readonly interval: readonly [low: number, high: number] | null
  readonly verdict: 'faster' | 'slower' | 'no difference shown'
}

export interface Compared extends Change {
  readonly name: string
  readonly place: StageReport['place']
  /** nanoseconds a row, medians of the rounds */
  readonly before: number
  readonly after: number
}

export interface Comparison {
  /** the whole, by number of workers */
  readonly whole: readonly (Change & { readonly workers: number })[]
  readonly stages: readonly Compared[]
  /** names of stages that only one of the reports has */
  readonly added: readonly string[]
  readonly gone: readonly string[]
  /** what else differs, so that the ratios may say something else than it seems */
  readonly differences: readonly string[]
}

export const CONFIDENCE = 0.95

/**
 * Sets two reports beside each other. Rounds are what is compared, as bundles of one round are not independent of each
 * other (Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013).
 */
export function compare(before: BenchReport, after: BenchReport): Comparison {
  const key = ({ name, place }: StageReport) => `${place} ${name}`
  const earlier = new Map(before.stages.map((stage) => [key(stage), stage]))
  const later = new Map(after.stages.map((stage) => [key(stage), stage]))
  const stages = after.stages.flatMap((stage): Compared[] => {
    const old = earlier.get(key(stage))
    if (!old) return []
    const { name, place } = stage
    const times = { before: old.nanosecondsPerRow, after: stage.nanosecondsPerRow }
    return [{ name, place, ...times, ...changeOf(old.rounds, stage.rounds) }]
  })
  const whole = after.scaling.flatMap(({ workers, rounds }) => {
    const old = before.scaling.find((other) => other.workers === workers)
    if (!old) return []
    const perRow = (seconds: readonly number[], { data }: BenchReport) => seconds.map((s) => s / data.rows)
    return [{ workers, ...changeOf(perRow(old.rounds, before), perRow(rounds, after)) }]
  })
  return {
    whole,
    stages,
    added: after.stages.filter((stage) => !earlier.has(key(stage))).map(({ name }) => name),
    gone: before.stages.filter((stage) => !later.has(key(stage))).map(({ name }) => name),
    differences: differencesOf(before, after),
  }
}

/**
 * The ratio of two samples of times with its interval, by Welch's test on their logarithms: differences of logarithms
 * are ratios, and the samples need not vary alike (Welch, "The Generalization of 'Student's' Problem when Several
 * Different Population Variances are Involved", Biometrika 34, 1947).
 */
export function changeOf(before: readonly number[], after: readonly number[]): Change {
  const [old, late] = [logsOf(before), logsOf(after)]
  const difference = late.mean - old.mean
  const ratio = Math.exp(difference)
  if (old.length < 2 || late.length < 2) return { ratio, interval: null, verdict: 'no difference shown' }
  const [a, b] = [old.variance / old.length, late.variance / late.length]
  const error = Math.sqrt(a + b)
  const degrees = error === 0 ? 1 : (a + b) ** 2 / (a ** 2 / (old.length - 1) + b ** 2 / (late.length - 1))
  const reach = error === 0 ? 0 : studentT(1 - CONFIDENCE, degrees) * error
  const interval = [Math.exp(difference - reach), Math.exp(difference + reach)] as const
  const verdict = interval[1] < 1 ? 'faster' : interval[0] > 1 ? 'slower' : 'no difference shown'
  return { ratio, interval, verdict }
}

/** Shorter times than this are nothing that a clock tells apart. */
const LEAST_TIME = 1e-9

function logsOf(times: readonly number[]): { length: number; mean: number; variance: number } {
  const { length } = times
  const logs = times.map((time) => Math.log(Math.max(time, LEAST_TIME)))
  const mean = logs.reduce((sum, log) => sum + log, 0) / length
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / Math.max(1, length - 1)
  return { length, mean, variance }
}

function differencesOf(before: BenchReport, after: BenchReport): string[] {
  const facts = ({ data, recipe, machine, sluice, stageWorkers }: BenchReport) => ({
    rows: data.rows,
    bytes: data.bytes,
    tokens: data.tokens,
    measure: recipe.measure,
    'workers of stages': stageWorkers,
    processor: machine.processor,
    processors: machine.processors,
    Node: machine.node,
    Sluice: sluice,
  })
  const [old, late] = [facts(before), facts(after)]
  return Object.entries(late).flatMap(([name, value]) => {
    const was = old[name as keyof typeof old]
    return was === value ? [] : [`${name} ${was}, now ${value}`]
  })
}
