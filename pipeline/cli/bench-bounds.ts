import { isShown } from '../bench/choose-stages.ts'
import type { BenchReport, StageReport } from '../bench/report.ts'
import { bytes } from './amounts.ts'
import { type DrawBenchOptions, heading, INDENT, NO_VALUE, nameOf, paragraph, part } from './bench-words.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'

/** What each stage of the workers costs beside time, and what bounds it. */
export function bounds({ stages }: BenchReport, options: DrawBenchOptions): string[] {
  const { paint, room } = options.screen
  const shown = stages.filter((stage) => stage.place === 'worker' && isShown(stage, options.chosen))
  if (shown.length === 0) return []
  const columns: readonly [title: string, of: (stage: StageReport) => string][] = [
    ['bytes/row', ({ touchedBytesPerRow: some }) => (some === null ? NO_VALUE : bytes(some))],
    ['bytes/s', ({ touchedBytesPerSecond: some }) => (some === null ? NO_VALUE : bytes(some))],
    ['made/row', ({ allocatedBytesPerRow: some }) => (some === null ? NO_VALUE : bytes(some))],
    ['garbage', ({ collecting }) => part(collecting)],
    ['on CPU', ({ cpu }) => part(cpu)],
    ['of limit', ({ roofline }) => part(roofline)],
  ]
  const form = (some: typeof columns): Rows => [
    heading(['', ...some.map(([title]) => title), 'bound by'], paint),
    ...shown.map((stage): Cell[] => [
      { text: nameOf(stage, room) },
      ...some.map(([, of]) => right(of(stage))),
      { text: stage.bound, paint: stage.bound === 'CPU' ? paint.faint : paint.warn },
    ]),
  ]
  const forms = columns.map((_, dropped) => form(columns.slice(dropped)))
  return [
    ...paragraph('What bounds it', options.screen).map(paint.strong),
    ...tableWithin(room, [...forms, form([])], INDENT),
    ...paragraph(BOUNDS_EXPLAINED, options.screen).map(paint.faint),
  ]
}

const BOUNDS_EXPLAINED =
  'bytes: of the members that a step declares to read, and what it writes. made: objects in the JavaScript heap. garbage, on CPU: parts of its time. of limit: what these bytes would take at the rates above, as a part of its time.'
