import { type Change, CONFIDENCE, type Comparison } from '../bench/compare.ts'
import { counted } from './amounts.ts'
import { INDENT, micro, paragraph } from './bench-words.ts'
import { fitEnd, fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'

export interface DrawComparisonOptions {
  readonly screen: Pick<Screen, 'room' | 'paint'>
  /** the saved report as the user named it */
  readonly file: string
  readonly isShown: (name: string) => boolean
}

const NAME_COLUMNS = 30

/** Two measurements beside each other, for a person. */
export function drawComparison(comparison: Comparison, options: DrawComparisonOptions): string {
  const { screen, file } = options
  const { paint, room } = screen
  const title = `Against ${fitEnd(safeLine(file), Math.max(12, Math.min(room, 100) - 20))}`
  return [
    ...paragraph(title, screen).map(paint.strong),
    ...tableWithin(room, forms(comparison, options), INDENT),
    ...notes(comparison).flatMap((note) => paragraph(note, screen).map(paint.warn)),
    ...paragraph(EXPLAINED, screen).map(paint.faint),
    '',
  ].join('\n')
}

const EXPLAINED = `ratio: times now over times then, with its ${CONFIDENCE * 100} % confidence interval from the rounds (Welch's t on logarithms): where it holds 1, no difference is shown. One in twenty stages that did not change can be expected to seem changed.`

function* forms(comparison: Comparison, { screen, isShown }: DrawComparisonOptions): Generator<Rows> {
  const { paint, room } = screen
  const name = (text: string): Cell => ({
    text: fitStart(safeLine(text), Math.min(NAME_COLUMNS, Math.floor(room / 4))),
  })
  const stages = comparison.stages.filter((stage) => isShown(stage.name))
  for (const [withTimes, withInterval] of [
    [true, true],
    [false, true],
    [false, false],
  ] as const) {
    const faint = (text: string): Cell => ({ ...right(text), paint: paint.faint })
    const change = (some: Change): Cell[] => [
      right(some.ratio.toFixed(3)),
      ...(withInterval ? [right(intervalWords(some))] : []),
      { text: some.verdict, paint: paintOf(some, paint) },
    ]
    yield [
      [
        { text: '' },
        ...(withTimes ? [faint('µs/row then'), faint('now')] : []),
        faint('ratio'),
        ...(withInterval ? [faint('interval')] : []),
        { text: '' },
      ],
      ...comparison.whole.map((some) => [
        name(`all, ${counted(some.workers, 'worker')}`),
        ...(withTimes ? [{ text: '' }, { text: '' }] : []),
        ...change(some),
      ]),
      ...stages.map((some) => [
        name(some.place === 'committer' ? `${some.name}, written` : some.name),
        ...(withTimes ? [right(micro(some.before)), right(micro(some.after))] : []),
        ...change(some),
      ]),
    ]
  }
}

function intervalWords({ interval }: Change): string {
  return interval === null ? 'too few rounds' : interval.map((bound) => bound.toFixed(3)).join(' – ')
}

function paintOf({ verdict }: Change, paint: Screen['paint']): (text: string) => string {
  if (verdict === 'faster') return paint.good
  return verdict === 'slower' ? paint.bad : paint.faint
}

function notes({ differences, added, gone }: Comparison): string[] {
  const list = (names: readonly string[]) => safeLine(names.join(', '))
  return [
    ...(differences.length > 0 ? [`Not measured alike: ${list(differences)}.`] : []),
    ...(added.length > 0 ? [`Not there then: ${list(added)}.`] : []),
    ...(gone.length > 0 ? [`Not there now: ${list(gone)}.`] : []),
  ]
}
