import { isShown } from '../bench/choose-stages.ts'
import type { BenchReport, StageReport } from '../bench/report.ts'
import { bar, counted, share } from './amounts.ts'
import {
  type DrawBenchOptions,
  heading,
  INDENT,
  micro,
  NO_VALUE,
  nameColumns,
  nameOf,
  paragraph,
  rate,
} from './bench-words.ts'
import { fitStart } from './safe-text.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'

/** From the widest to none at all. */
const BARS = [20, 16, 12, 8, 4, 0]

/** What each stage takes, as a part of the whole and a row. */
export function times({ stages, stageWorkers }: BenchReport, options: DrawBenchOptions): string[] {
  const { screen, chosen } = options
  const { paint, room } = screen
  const shown = stages.filter((stage) => isShown(stage, options.chosen))
  const others = stages.filter((stage) => !isShown(stage, options.chosen))
  const largest = Math.max(...shown.map((stage) => stage.share))
  const form = ([barWidth, withSpread, withRates]: readonly [number, boolean, boolean]): Rows => [
    heading(
      [
        '',
        'share',
        barWidth ? '|' : '',
        'µs/row',
        ...(withSpread ? ['quartiles'] : []),
        ...(withRates ? ['rows/s', 'tokens/s'] : []),
      ],
      paint,
    ),
    ...shown.map((stage): Cell[] => [
      {
        text: nameOf(stage, room),
        ...(stage.isOwn && { paint: paint.strong }),
        ...(stage.isFloor && { paint: paint.faint }),
      },
      right(stage.isFloor ? 'floor' : share(stage.share, 1)),
      {
        text: barWidth > 0 ? bar(stage.share, largest, barWidth) : '',
        paint: stage.isOwn ? paint.good : paint.accent,
      },
      right(micro(stage.nanosecondsPerRow)),
      ...(withSpread
        ? [right(stage.bundles ? `${micro(stage.bundles.q1)} – ${micro(stage.bundles.q3)}` : NO_VALUE)]
        : []),
      ...(withRates ? [right(rate(stage.rowsPerSecond)), right(rate(stage.tokensPerSecond))] : []),
    ]),
    ...(others.length > 0 ? [sumOf(others, chosen !== null, screen)] : []),
  ]
  const details = [
    [true, true],
    [true, false],
    [false, false],
  ] as const
  const forms = details.flatMap(([withSpread, withRates]) =>
    BARS.map((width) => form([width, withSpread, withRates])),
  )
  return [
    ...paragraph(`Where the time goes, with ${counted(stageWorkers, 'worker')}`, screen).map(paint.strong),
    ...tableWithin(room, forms, INDENT),
    ...paragraph(TIMES_EXPLAINED, screen).map(paint.faint),
  ]
}

const TIMES_EXPLAINED =
  'share: of what workers and committer do. µs/row: median of the rounds; quartiles: of the bundles. rows/s and tokens/s: what one thread would do with nothing else to do.'

function sumOf(
  others: readonly StageReport[],
  isRest: boolean,
  { paint, room }: DrawBenchOptions['screen'],
): Cell[] {
  const total = others.filter(({ isFloor }) => !isFloor)
  const sum = (of: (stage: StageReport) => number) => total.reduce((all, stage) => all + of(stage), 0)
  const name = isRest ? `${others.length} others` : `${others.length} others, under 1 % each`
  const cells = [
    { text: fitStart(name, nameColumns(room)), paint: paint.faint },
    right(
      share(
        sum((stage) => stage.share),
        1,
      ),
    ),
    { text: '' },
    right(micro(sum(({ nanosecondsPerRow }) => nanosecondsPerRow))),
  ]
  return cells
}
