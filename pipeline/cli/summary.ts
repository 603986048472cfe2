import type { LabelCount } from '../../transforms/report/count-labels.ts'
import type { RowCount } from '../../transforms/report/count-rows.ts'
import type { Counts, Curation } from '../curation.ts'
import { bar, bytes, count, counted, duration, share, short } from './amounts.ts'
import { INDENT, paragraph } from './paragraph.ts'
import { columnsOf, fitEnd, fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, type Rows, right, table, tableWithin } from './table.ts'
import { wrap } from './wrap.ts'

export interface SummaryOptions {
  readonly screen: Pick<Screen, 'room' | 'paint'>
  /** the output folder as the user knows it */
  readonly out: string
  readonly encoding: string
  /** names of the steps that dropped rows, by reason */
  readonly stepsByReason: ReadonlyMap<string, readonly string[]>
  /** the command that the user could type next, and what it does */
  readonly next: { readonly command: string; readonly does: string } | null
}

/** What a run came to, for the person who started it. */
export function summary(curation: Curation, options: SummaryOptions): string {
  const sections = [
    headline(curation, options),
    rows(curation, options),
    languages(curation, options),
    labels(curation.labels, options),
    network(curation.run, options),
    passedOver(curation.run.ignored, options),
    outputs(curation, options),
    ending(curation, options),
  ]
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `\n${shown.join('\n\n')}\n`
}

function headline({ tally, tokens, seconds }: Curation, { screen, encoding }: SummaryOptions): string[] {
  const { strong, faint } = screen.paint
  const rate = (amount: number) => short(amount / Math.max(seconds, 0.001))
  const kept = strong(`${count(tally.kept)} of ${count(tally.rows)} trajectories kept`)
  const pace = [duration(seconds), `${rate(tally.rows)} rows/s`, `${rate(tokens.measured)} tokens/s`]
  return [
    ...paragraph(
      [`${kept},`, `${count(tokens.kept)} of ${count(tokens.measured)} tokens (${encoding})`],
      screen,
    ),
    ...paragraph([faint(pace.join(', '))], screen),
  ]
}

/** From the widest to none at all. */
const BARS = [20, 16, 12, 8, 4, 0]

function rows({ tally }: Curation, { screen, stepsByReason, out }: SummaryOptions): string[] {
  const { paint, room } = screen
  const reasons = Object.entries(tally.dropped).sort(([, a], [, b]) => b - a)
  const dropped = reasons.reduce((sum, [, some]) => sum + some, 0)
  const stepsOf = (reason: string) => safeLine(stepsByReason.get(reason)?.join(', ') ?? '')
  const where = `see ${fitEnd(safeLine(out), Math.floor(room / 3))}/failed`
  const form = (barWidth: number, withSteps: boolean): Rows => {
    const line = (label: string, some: number, style: (text: string) => string, after = ''): Cell[] => [
      { text: label },
      right(count(some)),
      right(share(some, tally.rows)),
      { text: bar(some, tally.rows, barWidth), paint: style },
      { text: withSteps ? after : '', paint: paint.faint },
    ]
    return [
      line('kept', tally.kept, paint.good),
      line('dropped', dropped, paint.warn),
      ...reasons.map(([reason, some]) =>
        line(`  ${fitStart(safeLine(reason), Math.floor(room / 2) - 4)}`, some, paint.warn, stepsOf(reason)),
      ),
      ...(tally.failed > 0 ? [line('failed', tally.failed, paint.bad, where)] : []),
    ]
  }
  const forms = [true, false].flatMap((withSteps) => BARS.map((barWidth) => form(barWidth, withSteps)))
  return tableWithin(room, forms, INDENT)
}

/** More languages than this are summed up. */
const LANGUAGES_SHOWN = 14
/** Of two bars beside each other. */
const WIDEST_OF_TWO = 16

function languages({ languages: { before, after } }: Curation, { screen }: SummaryOptions): string[] {
  const { paint, room } = screen
  if (before.length === 0) return []
  const kept = new Map(after)
  const ordered = before.toSorted(([, a], [, b]) => b.rows - a.rows)
  const shown = ordered.slice(0, LANGUAGES_SHOWN)
  const rest = ordered.slice(LANGUAGES_SHOWN)
  const none: RowCount = { rows: 0, tokens: 0 }
  const lines = shown.map(([language, all]) => ({
    name: language === '' ? 'unknown' : fitStart(safeLine(language), Math.floor(room / 5)),
    all,
    some: kept.get(language) ?? none,
  }))
  if (rest.length > 0)
    lines.push({
      name: `${rest.length} others`,
      all: sum(rest),
      some: sum(rest.map(([language]) => [language, kept.get(language) ?? none])),
    })
  const [total, totalKept] = [sum(before), sum(after)]
  const heading = (text: string, align: 'left' | 'right'): Cell => ({ text, align, paint: paint.faint })
  const nothing: Cell = { text: '' }
  const form = (barWidth: number, withTokens: boolean): Rows => [
    [
      heading('language', 'left'),
      heading('read', 'right'),
      nothing,
      nothing,
      heading('kept', 'right'),
      nothing,
      nothing,
      ...(withTokens ? [heading('tokens', 'right'), nothing] : []),
    ],
    ...lines.map(({ name, all, some }): Cell[] => [
      { text: name },
      right(count(all.rows)),
      right(share(all.rows, total.rows)),
      { text: bar(all.rows, total.rows, barWidth), paint: paint.faint },
      right(count(some.rows)),
      right(share(some.rows, totalKept.rows)),
      { text: bar(some.rows, totalKept.rows, barWidth), paint: paint.good },
      ...(withTokens ? [right(short(some.tokens)), right(share(some.tokens, totalKept.tokens))] : []),
    ]),
  ]
  const bars = BARS.filter((barWidth) => barWidth <= WIDEST_OF_TWO)
  const forms = [true, false].flatMap((withTokens) => bars.map((barWidth) => form(barWidth, withTokens)))
  return tableWithin(room, forms, INDENT)
}

function sum(counts: Counts<RowCount>): RowCount {
  return counts.reduce(
    (all, [, { rows, tokens }]) => ({ rows: all.rows + rows, tokens: all.tokens + tokens }),
    {
      rows: 0,
      tokens: 0,
    },
  )
}

/** A leaf in which fewer rows than this share are graded is shown. */
const FEW_LABELS = 0.5
const FEW_LABELS_SAID = 'Few labels: a filter on the success label drops what nobody graded'
const LEAVES_SHOWN = 8

function labels(byLeaf: Counts<LabelCount>, { screen }: SummaryOptions): string[] {
  const { paint, room } = screen
  const poor = byLeaf
    .map(([leaf, { passed, failed, ungraded }]) => ({
      leaf,
      graded: passed + failed,
      all: passed + failed + ungraded,
    }))
    .filter(({ graded, all }) => graded < FEW_LABELS * all)
  if (poor.length === 0) return []
  const lines = poor
    .slice(0, LEAVES_SHOWN)
    .map(({ leaf, graded, all }): Cell[] => [
      { text: fitEnd(safeLine(leaf), room - 36) },
      right(graded === 0 ? 'no label' : `${count(graded)} graded`),
      { text: `of ${counted(all, 'row')}` },
    ])
  const more = poor.length > LEAVES_SHOWN ? [`  and ${poor.length - LEAVES_SHOWN} more`] : []
  return [...paragraph(FEW_LABELS_SAID.split(' '), screen).map(paint.warn), ...table(lines, INDENT), ...more]
}

/** What came over the network, of what the files that were read there are. */
function network({ network: used }: Curation['run'], { screen }: SummaryOptions): string[] {
  const { requests, ofBytes, avoided } = used
  if (requests === 0) return []
  const amount = `${bytes(used.bytes)} of ${bytes(ofBytes)} (${share(used.bytes, ofBytes)})`
  const spared = [
    avoided.columns > 0 ? `${bytes(avoided.columns)} in columns that no step reads` : null,
    avoided.rows > 0 ? `${bytes(avoided.rows)} of rows that were refused early or not asked for` : null,
  ].filter((each) => each !== null)
  const avoidance =
    spared.length > 0 ? [`${amount};`, ...`avoided: ${spared.join(', ')}`.split(' ')] : [amount]
  return paragraph(['From the Hub:', `${counted(requests, 'request')},`, ...avoidance], screen)
}

/** Files shown that held nothing to read; the manifest has all. */
const PASSED_OVER_SHOWN = 5

function passedOver(ignored: Curation['run']['ignored'], { screen }: SummaryOptions): string[] {
  if (ignored.length === 0) return []
  const { paint, room } = screen
  const lines = ignored
    .slice(0, PASSED_OVER_SHOWN)
    .map(({ file, why }): Cell[] => [
      { text: fitEnd(safeLine(file), Math.floor(room / 2)) },
      { text: fitStart(safeLine(why), Math.ceil(room / 2) - 2 * INDENT), paint: paint.faint },
    ])
  const more = ignored.length > PASSED_OVER_SHOWN ? [`  and ${ignored.length - PASSED_OVER_SHOWN} more`] : []
  return [paint.warn(`  Passed over ${counted(ignored.length, 'file')}`), ...table(lines, INDENT), ...more]
}

function outputs({ receipts }: Curation, { screen, out }: SummaryOptions): string[] {
  const { paint, room } = screen
  const amounts = receipts.map(({ rows, bytes: size }) => [counted(rows, 'row'), bytes(size)] as const)
  const widest = (at: 0 | 1) => Math.max(...amounts.map((texts) => columnsOf(texts[at])))
  const nameRoom = room - INDENT - 6 - widest(0) - widest(1)
  const lines = receipts.map(({ path }, at): Cell[] => [
    { text: fitEnd(safeLine(path), nameRoom) },
    ...amounts[at]!.map(right),
  ])
  return [
    `  ${paint.strong(`${safeLine(out)}/`)}`,
    ...shardsTogether(lines),
    `${' '.repeat(INDENT + 2)}manifest.json, run.json`,
  ]
}

const OUTPUTS_SHOWN = 14

function shardsTogether(lines: readonly Cell[][]): string[] {
  if (lines.length <= OUTPUTS_SHOWN) return table(lines, INDENT + 2)
  const [first, last] = [lines.slice(0, OUTPUTS_SHOWN / 2), lines.slice(-OUTPUTS_SHOWN / 2)]
  return table([...first, [{ text: `… ${lines.length - OUTPUTS_SHOWN} more files` }], ...last], INDENT + 2)
}

/** Words of a command, with what is quoted in them. */
const SHELL_WORDS = /(?:'[^']*'|[^\s'])+/g

/** Where a command does not fit beside what it is for, it stands by itself, in lines that a shell takes as one. */
function ending(_: Curation, { screen, next }: SummaryOptions): string[] {
  if (!next) return []
  const command = safeLine(next.command)
  const does = `${next.does}:`
  if (INDENT + columnsOf(does) + 1 + columnsOf(command) <= screen.room)
    return [`${' '.repeat(INDENT)}${screen.paint.faint(does)} ${command}`]
  const indent = ' '.repeat(INDENT + 2)
  const columns = screen.room - indent.length - ' \\'.length
  const lines = wrap(command.match(SHELL_WORDS) ?? [], { between: ' ', columns })
  return [...paragraph([screen.paint.faint(does)], screen), `${indent}${lines.join(` \\\n${indent}`)}`]
}
