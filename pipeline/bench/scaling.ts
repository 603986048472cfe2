import { boundOfRun } from './bound.ts'
import type { BenchReport, ScalingReport } from './report.ts'
import type { Round } from './round.ts'
import { median, spreadOf } from './spread.ts'

/** How the whole goes with each number of workers, fewest first. */
export function scalingReports(
  measured: ReadonlyMap<number, readonly Round[]>,
  { rows, bytes, tokens }: BenchReport['data'],
): ScalingReport[] {
  const reports = [...measured].map(([workers, rounds]) => {
    const seconds = rounds.map((round) => round.seconds)
    const rowsPerSecond = spreadOf(seconds.map((some) => rows / some))
    const rate = (amount: number) => (amount * rowsPerSecond.median) / rows
    const of = (share: (round: Round) => number) => Math.min(1, median(rounds.map(share)))
    const shares = {
      busy: of((round) => workSum(round, 'nanoseconds') / (1e9 * workers * round.seconds)),
      cpu: of((round) => workSum(round, 'cpuNanoseconds') / workSum(round, 'nanoseconds')),
      queued: of((round) => workSum(round, 'queuedNanoseconds') / workSum(round, 'nanoseconds')),
      committing: of((round) => writingOf(round) / (1e9 * round.seconds)),
    }
    return {
      workers,
      rounds: seconds,
      rowsPerSecond,
      bytesPerSecond: rate(bytes),
      tokensPerSecond: rate(tokens),
      speedup: 1,
      ...shares,
      bound: boundOfRun(shares),
    }
  })
  const least = reports[0]!.rowsPerSecond.median
  return reports.map((report) => ({ ...report, speedup: report.rowsPerSecond.median / least }))
}

function workSum({ bundles }: Round, of: 'nanoseconds' | 'cpuNanoseconds' | 'queuedNanoseconds'): number {
  return bundles.reduce((sum, { work }) => sum + work[of], 0)
}

function writingOf({ writing }: Round): number {
  return Object.values(writing).reduce((sum, { nanoseconds }) => sum + nanoseconds, 0)
}
