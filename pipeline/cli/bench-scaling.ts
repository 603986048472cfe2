import type { BenchReport, ScalingReport } from '../bench/report.ts'
import { bytes, count, share, short } from './amounts.ts'
import { type DrawBenchOptions, heading, INDENT, paragraph, part } from './bench-words.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'

/** How the whole goes with each number of workers. */
export function scaling({ scaling: reports }: BenchReport, { screen }: DrawBenchOptions): string[] {
  const { paint, room } = screen
  const least = reports[0]!.workers
  const columns: readonly [title: string, of: (report: ScalingReport) => string][] = [
    ['rows/s', ({ rowsPerSecond }) => short(rowsPerSecond.median)],
    ['×', ({ speedup }) => speedup.toFixed(2)],
    ['each', ({ speedup, workers }) => share((speedup * least) / workers, 1)],
    ['busy', ({ busy }) => part(busy)],
    ['on CPU', ({ cpu }) => part(cpu)],
    ['queued', ({ queued }) => part(queued)],
    ['committing', ({ committing }) => part(committing)],
    ['bytes/s', ({ bytesPerSecond }) => bytes(bytesPerSecond)],
    ['tokens/s', ({ tokensPerSecond }) => short(tokensPerSecond)],
    ['least – most', ({ rowsPerSecond: { min, max } }) => `${short(min)} – ${short(max)}`],
  ]
  const form = (some: typeof columns): Rows => [
    heading(['workers', ...some.map(([title]) => title), 'bound by'], paint, 'right'),
    ...reports.map((report): Cell[] => [
      right(count(report.workers)),
      ...some.map(([, of]) => right(of(report))),
      { text: report.bound, paint: report.bound === 'CPU' ? paint.faint : paint.warn },
    ]),
  ]
  const forms = columns.map((_, dropped) => form(columns.slice(0, columns.length - dropped)))
  return [
    ...paragraph('Scaling over workers', screen).map(paint.strong),
    ...tableWithin(room, forms, INDENT),
    ...paragraph(SCALING_EXPLAINED, screen).map(paint.faint),
  ]
}

const SCALING_EXPLAINED =
  'From the first row to the last file closed, start-up left out; least and most rows/s of the rounds. each: what a worker brings of a lone one. busy: of the time, what workers spend on bundles, and on CPU the part of that in which they have a processor, queued the part in which they are ready and others have it (as far as Linux tells); waiting is for a file, a network or the committer.'
