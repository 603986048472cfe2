import { count } from './amounts.ts'
import type { Explanation } from './explanation.ts'
import type { TableRow } from './finished-run.ts'
import { padColumns, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { wrap } from './wrap.ts'

/** Measures by what they are about. Columns that are not named here come last, and the user's own with them. */
const TOPICS: Readonly<Record<string, RegExp>> = {
  task: /^(instance_id|repo|license|language|harness|teacher_model|resolved|end_state)$/,
  size: /^(turns|tool_calls|calls_from_text|longest_message_tokens)$/,
  tokens: /^tokens/,
  patch: /^patch_/,
  flags: /^(invalid_arguments|orphan_observations|unanswered_calls|repeated_call_ids)$/,
  tools:
    /^(calls_per_tool|distinct_tools|tool_entropy|\w+_calls|tests_\w+|failed_then_passed|longest_repeat|error_observations|recoveries|history_looks)$/,
}
const OTHERS = 'others'

/** Columns that the first lines of an explanation say already. */
const SAID = /^(trajectory_id|source_\w+|leaf|verdict|step|reason|error|error_field)$/

/** What became of a trajectory, for a person. */
export function drawExplanation(
  { decision, measures, output }: Explanation,
  { paint, width }: Pick<Screen, 'paint' | 'width'>,
): string {
  const revision = decision.source_revision === null ? '' : ` at ${words(decision.source_revision)}`
  const facts: [label: string, text: string][] = [
    ['read from', `row ${words(decision.source_row)} of ${words(decision.source_file)}${revision}`],
    ['verdict', verdictWords(decision, paint)],
    ...(output
      ? [['written', `line ${count(output.line)} of ${safeLine(output.file)}`] as [string, string]]
      : []),
  ]
  const topics = topicsOf(measures)
  const labelWidth = Math.max(
    ...facts.map(([label]) => label.length),
    ...topics.map(({ topic }) => topic.length),
  )
  const lines = (label: string, pieces: readonly string[], between: string) =>
    wrap(pieces, { between, columns: width - labelWidth - 4 }).map(
      (text, index) => `  ${paint.faint(padColumns(index === 0 ? label : '', labelWidth))}  ${text}`,
    )
  return [
    paint.strong(words(decision.trajectory_id)),
    ...facts.flatMap(([label, text]) => lines(label, text.split(' '), ' ')),
    '',
    ...topics.flatMap(({ topic, cells }) => lines(topic, cells, '   ')),
    '',
  ].join('\n')
}

function words(value: TableRow[string] | undefined): string {
  return safeLine(String(value ?? ''))
}

function verdictWords(decision: TableRow, paint: Screen['paint']): string {
  const of = (name: string) => words(decision[name])
  switch (decision.verdict) {
    case 'kept':
      return `${paint.good('kept')}: no filter refused it`
    case 'failed':
      return `${paint.bad('failed')} in ${of('step')}: ${of('error_field') || 'the row'}: ${of('error')}`
    default: {
      const measured = decision.value === null ? '' : `, measured ${of('value')}`
      const limit = decision.threshold === null ? '' : `, the threshold is ${of('threshold')}`
      return `${paint.warn('dropped')} by ${of('step')}: ${of('reason')}${measured}${limit}`
    }
  }
}

function topicsOf(measures: TableRow): { topic: string; cells: string[] }[] {
  const topics = new Map<string, string[]>([...Object.keys(TOPICS), OTHERS].map((topic) => [topic, []]))
  for (const [name, value] of Object.entries(measures)) {
    if (value === null || value === undefined || SAID.test(name)) continue
    const topic = Object.entries(TOPICS).find(([, names]) => names.test(name))?.[0] ?? OTHERS
    topics
      .get(topic)!
      .push(`${safeLine(name)} ${typeof value === 'number' ? numberWords(value) : words(value)}`)
  }
  return [...topics].map(([topic, cells]) => ({ topic, cells })).filter(({ cells }) => cells.length > 0)
}

function numberWords(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toFixed(3)
}
