import type { LabelCount } from '../../transforms/report/count-labels.ts'
import type { RowCount } from '../../transforms/report/count-rows.ts'
import type { Counts, Curation } from '../curation.ts'
import { bar, bytes, count, counted, duration, share, short } from './amounts.ts'
import { fitEnd, fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, right, table } from './table.ts'

export interface SummaryOptions {
  readonly screen: Pick<Screen, 'width' | 'paint'>
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
    outputs(curation, options),
    ending(curation, options),
  ]
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `\n${shown.join('\n\n')}\n`
}

const INDENT = 2
const BAR = 20

function headline({ tally, tokens, seconds }: Curation, { screen, encoding }: SummaryOptions): string[] {
  const { paint } = screen
  const rate = (amount: number) => short(amount / Math.max(seconds, 0.001))
  return [
    `  ${paint.strong(`${count(tally.kept)} of ${count(tally.rows)} trajectories kept`)}, ${count(tokens.kept)} of ${count(tokens.measured)} tokens (${encoding})`,
    paint.faint(`  ${duration(seconds)}, ${rate(tally.rows)} rows/s, ${rate(tokens.measured)} tokens/s`),
  ]
}

function rows({ tally }: Curation, { screen, stepsByReason, out }: SummaryOptions): string[] {
  const { paint, width } = screen
  const line = (label: string, some: number, style: (text: string) => string, after = ''): Cell[] => [
    { text: label },
    right(count(some)),
    right(share(some, tally.rows)),
    { text: bar(some, tally.rows, BAR), paint: style },
    { text: after, paint: paint.faint },
  ]
  const reasons = Object.entries(tally.dropped).sort(([, a], [, b]) => b - a)
  const dropped = reasons.reduce((sum, [, some]) => sum + some, 0)
  const where = tally.failed > 0 ? `see ${fitEnd(safeLine(out), width - 60)}/failed` : ''
  return table(
    [
      line('kept', tally.kept, paint.good),
      line('dropped', dropped, paint.warn),
      ...reasons.map(([reason, some]) =>
        line(
          `  ${fitStart(safeLine(reason), 28)}`,
          some,
          paint.warn,
          safeLine(stepsByReason.get(reason)?.join(', ') ?? ''),
        ),
      ),
      ...(tally.failed > 0 ? [line('failed', tally.failed, paint.bad, where)] : []),
    ],
    INDENT,
  )
}

/** More languages than this are summed up. */
const LANGUAGES_SHOWN = 14

function languages({ languages: { before, after } }: Curation, { screen }: SummaryOptions): string[] {
  const { paint, width } = screen
  if (before.length === 0) return []
  const kept = new Map(after)
  const ordered = before.toSorted(([, a], [, b]) => b.rows - a.rows)
  const shown = ordered.slice(0, LANGUAGES_SHOWN)
  const rest = ordered.slice(LANGUAGES_SHOWN)
  const none: RowCount = { rows: 0, tokens: 0 }
  const lines = shown.map(([language, all]) => ({
    name: language === '' ? 'unknown' : fitStart(safeLine(language), width >= 100 ? 20 : 12),
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
  const barWidth = width >= 100 ? 16 : 8
  const header = ['language', 'read', '', '', 'kept', '', '', 'tokens', ''].map(
    (text, at): Cell => ({
      text,
      align: at === 1 || at === 4 || at === 7 ? 'right' : 'left',
      paint: paint.faint,
    }),
  )
  const body = lines.map(({ name, all, some }): Cell[] => [
    { text: name },
    right(count(all.rows)),
    right(share(all.rows, total.rows)),
    { text: bar(all.rows, total.rows, barWidth), paint: paint.faint },
    right(count(some.rows)),
    right(share(some.rows, totalKept.rows)),
    { text: bar(some.rows, totalKept.rows, barWidth), paint: paint.good },
    right(short(some.tokens)),
    right(share(some.tokens, totalKept.tokens)),
  ])
  return table([header, ...body], INDENT)
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
const LEAVES_SHOWN = 8

function labels(byLeaf: Counts<LabelCount>, { screen }: SummaryOptions): string[] {
  const { paint, width } = screen
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
      { text: fitEnd(safeLine(leaf), width - 36) },
      right(graded === 0 ? 'no label' : `${count(graded)} graded`),
      { text: `of ${counted(all, 'row')}` },
    ])
  const more = poor.length > LEAVES_SHOWN ? [`  and ${poor.length - LEAVES_SHOWN} more`] : []
  return [
    paint.warn('  Few labels: a filter on the success label drops what nobody graded'),
    ...table(lines, INDENT),
    ...more,
  ]
}

function outputs({ receipts }: Curation, { screen, out }: SummaryOptions): string[] {
  const { paint, width } = screen
  const lines = receipts.map(({ path, rows, bytes: size }): Cell[] => [
    { text: fitEnd(safeLine(path), width - 34) },
    right(counted(rows, 'row')),
    right(bytes(size)),
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

function ending(_: Curation, { screen, next }: SummaryOptions): string[] {
  if (!next) return []
  return [`  ${screen.paint.faint(`${next.does}:`)} ${safeLine(next.command)}`]
}
