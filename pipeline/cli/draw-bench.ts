import { isShown } from '../bench/choose-stages.ts'
import type { BenchReport, ScalingReport, StageReport } from '../bench/report.ts'
import { bar, bytes, count, counted, duration, share, short } from './amounts.ts'
import { fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'
import { wrap } from './wrap.ts'

export interface DrawBenchOptions {
  readonly screen: Pick<Screen, 'room' | 'paint'>
  /** names of the stages that were asked for; null for those that take most */
  readonly chosen: ReadonlySet<string> | null
}

const INDENT = 2
/** Without an end where there is no terminal, words still need one. */
const WIDEST_WORDS = 100

/** What was measured, for a person. */
export function drawBench(report: BenchReport, options: DrawBenchOptions): string {
  const sections = [
    headline(report, options),
    times(report, options),
    bounds(report, options),
    scaling(report, options),
  ]
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `\n${shown.join('\n\n')}\n`
}

/** Words in as many lines as they need. */
export function paragraph(words: string, { room }: Pick<Screen, 'room'>): string[] {
  const lines = wrap(words.split(' '), { between: ' ', columns: Math.min(room, WIDEST_WORDS) - INDENT })
  return lines.map((line) => `${' '.repeat(INDENT)}${line}`)
}

function headline(
  { recipe, data, machine, limits, scaling, startUpSeconds }: BenchReport,
  { screen }: DrawBenchOptions,
): string[] {
  const { strong, faint } = screen.paint
  const read = `${safeLine(recipe.name)}: ${counted(data.rows, 'row')}, ${bytes(data.bytes)} and ${short(data.tokens)} tokens in ${counted(data.bundles, 'bundle')} of ${counted(data.files, 'file')}`
  const rates = limits.decompression.map(
    ({ codec, bytesPerSecond }) => `${codec} pages decompress at ${bytes(bytesPerSecond)}/s`,
  )
  const host = [
    `${counted(machine.processors, 'processor')}, Node ${machine.node}, ${machine.platform}`,
    [`Memory is copied at ${bytes(limits.memoryBytesPerSecond)}/s`, ...rates].join(', '),
    `${counted(scaling[0]!.rounds.length, 'round')} after one to warm up, which took ${duration(startUpSeconds)} to start`,
  ].join('. ')
  return [...paragraph(read, screen).map(strong), ...paragraph(`${host}.`, screen).map(faint)]
}

/** From the widest to none at all. */
const BARS = [20, 16, 12, 8, 4, 0]
const NO_VALUE = '–'

function times({ stages, stageWorkers }: BenchReport, options: DrawBenchOptions): string[] {
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
      { text: bar(stage.share, largest, barWidth), paint: stage.isOwn ? paint.good : paint.accent },
      right(micro(stage.nanosecondsPerRow)),
      ...(withSpread
        ? [right(stage.bundles ? `${micro(stage.bundles.q1)} – ${micro(stage.bundles.q3)}` : NO_VALUE)]
        : []),
      ...(withRates ? [right(rate(stage.rowsPerSecond)), right(rate(stage.tokensPerSecond))] : []),
    ]),
    ...(others.length > 0 ? [sumOf(others, chosen !== null, paint)] : []),
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

function sumOf(others: readonly StageReport[], isRest: boolean, paint: Screen['paint']): Cell[] {
  const total = others.filter(({ isFloor }) => !isFloor)
  const sum = (of: (stage: StageReport) => number) => total.reduce((all, stage) => all + of(stage), 0)
  const name = isRest ? `${others.length} others` : `${others.length} others, under 1 % each`
  const cells = [
    { text: name, paint: paint.faint },
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

function bounds({ stages }: BenchReport, options: DrawBenchOptions): string[] {
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

function scaling({ scaling: reports }: BenchReport, { screen }: DrawBenchOptions): string[] {
  const { paint, room } = screen
  const least = reports[0]!.workers
  const columns: readonly [title: string, of: (report: ScalingReport) => string][] = [
    ['rows/s', ({ rowsPerSecond }) => short(rowsPerSecond.median)],
    ['×', ({ speedup }) => speedup.toFixed(2)],
    ['each', ({ speedup, workers }) => share((speedup * least) / workers, 1)],
    ['busy', ({ busy }) => part(busy)],
    ['on CPU', ({ cpu }) => part(cpu)],
    ['committing', ({ committing }) => part(committing)],
    ['bytes/s', ({ bytesPerSecond }) => bytes(bytesPerSecond)],
    ['tokens/s', ({ tokensPerSecond }) => short(tokensPerSecond)],
    ['lowest – highest rows/s', ({ rowsPerSecond: { min, max } }) => `${short(min)} – ${short(max)}`],
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
  'From the first row to the last file closed, start-up left out. each: what a worker brings of a lone one. busy: of the time, what workers spend on bundles, and on CPU the part of that in which they have a processor; waiting is for a file, a network, the committer, or a processor that others use.'

/** Titles stand over their columns: the first and the last on the left, the others on the right. */
function heading(
  titles: readonly string[],
  paint: Screen['paint'],
  first: 'left' | 'right' = 'left',
): Cell[] {
  return titles.map((title, at) => {
    const text = title === '|' ? '' : title
    const align = at === 0 ? first : title === 'bound by' ? 'left' : 'right'
    return { text, align, paint: paint.faint }
  })
}

const NAME_COLUMNS = 30

function nameOf({ name, place, isFloor }: StageReport, room: number): string {
  const where = place === 'committer' ? ', written' : isFloor ? ', no-op' : ''
  return fitStart(`${safeLine(name)}${where}`, Math.min(NAME_COLUMNS, Math.floor(room / 2)))
}

/** Microseconds with three digits that count. */
export function micro(nanoseconds: number): string {
  const some = nanoseconds / 1000
  if (some >= 99.95) return count(some)
  return some >= 9.995 ? some.toFixed(1) : some.toFixed(2)
}

function rate(some: number | null): string {
  return some === null ? NO_VALUE : short(some)
}

function part(some: number | null): string {
  return some === null ? NO_VALUE : share(some, 1)
}
