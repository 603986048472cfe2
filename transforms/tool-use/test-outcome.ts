import { wordSet } from './word-set.ts'

/** How a test run ends; `not_run` where no test was ever started. */
export type TestOutcome = SummaryOutcome | 'not_run'
type SummaryOutcome = 'passing' | 'failing'

/** Words that stand beside a count in a summary: `3 passed, 1 failed`, `Failures: 1`, `2 passing`. */
const FAILURE_WORDS = wordSet('failed failure failures failing error errors')
const SUCCESS_WORDS = wordSet('passed passing passes')
/** Starts of lines that tell by themselves. */
const FAILURE_LINES = [
  'FAILED',
  'FAIL',
  '--- FAIL',
  'FAILURES!',
  'ERRORS!',
  'test result: FAILED',
  'not ok ',
  'BUILD FAILED',
  'BUILD FAILURE',
  '[ERROR] BUILD',
  '[INFO] BUILD FAILURE',
  'Traceback (most recent call last)',
] as const
const SUCCESS_LINES = [
  'OK',
  'PASS',
  'ok  \t',
  'ok \t',
  'test result: ok',
  'BUILD SUCCESS',
  'BUILD SUCCESSFUL',
  '[INFO] BUILD SUCCESS',
  '--- PASS',
] as const
/** `# fail 1` in TAP, `ℹ pass 2` of node's test runner. */
const TALLY = /^[#ℹ] (pass|fail) {1,4}(\d{1,7})$/
/** The first characters of the lines above: most lines are not compared with any. */
const FIRST_CHARACTERS: ReadonlySet<string> = new Set(
  [...FAILURE_LINES, ...SUCCESS_LINES].map((start) => start[0]!),
)
/** A number before such a word, or after one: what a line needs to be worth taking apart. */
const COUNT_BESIDE =
  /\d\.?[\s,;()|=]+(?:tests?[\s,;()|=]+)?(?:pass|fail|error)|(?:pass|fail|error)[a-z]{0,3}:[\s,;()|=]+\d/i
/** Summary lines are short; what is longer is output. */
const MAX_LINE_CHARACTERS = 400

/**
 * What a test runner's summary says, from the last lines of its output: failing if any line says so, else
 * passing if any line does, else null. Known: pytest, unittest, Django, go test, cargo test, Jest, Vitest, Mocha,
 * CTest, Maven, Gradle, PHPUnit, RSpec, node's test runner, TAP.
 */
export function summaryOutcome(tail: string): SummaryOutcome | null {
  let passing = false
  for (const whole of withoutColours(tail).split('\n')) {
    if (whole.length > MAX_LINE_CHARACTERS) continue
    const line = whole.trim()
    const outcome = lineOutcome(line) ?? countOutcome(line)
    if (outcome === 'failing') return 'failing'
    passing ||= outcome === 'passing'
  }
  return passing ? 'passing' : null
}

function lineOutcome(line: string): SummaryOutcome | null {
  if (!FIRST_CHARACTERS.has(line[0] ?? '')) return null
  if (FAILURE_LINES.some((start) => startsLine(line, start))) return 'failing'
  return SUCCESS_LINES.some((start) => startsLine(line, start)) ? 'passing' : null
}

/** Whether the line starts so, and with whole words. */
function startsLine(line: string, start: string): boolean {
  return line.startsWith(start) && !/^\w\w/.test(start.slice(-1) + line.slice(start.length, start.length + 1))
}

/** What the counts in a line say: a failure counted above 0, else a success above 0 or a failure counted 0. */
function countOutcome(line: string): SummaryOutcome | null {
  const tally = line.startsWith('#') || line.startsWith('ℹ') ? TALLY.exec(line) : null
  if (tally) {
    const isNone = Number(tally[2]) === 0
    if (tally[1] === 'fail') return isNone ? 'passing' : 'failing'
    return isNone ? null : 'passing'
  }
  if (!COUNT_BESIDE.test(line)) return null
  let passing = false
  const words = line.split(/[\s,;()|=]+/)
  for (const [place, word] of words.entries()) {
    const name = word.toLowerCase().replace(/[:.]$/, '')
    const failures = FAILURE_WORDS.has(name)
    if (!failures && !SUCCESS_WORDS.has(name)) continue
    const count = countBeside(words, place)
    if (count === null) continue
    if (failures && count > 0) return 'failing'
    passing ||= count > 0 !== failures
  }
  return passing ? 'passing' : null
}

/** The number after `Failures:`, or before `failed` and `tests failed`; null where there is none. */
function countBeside(words: readonly string[], place: number): number | null {
  if (words[place]!.endsWith(':')) return countOf(words[place + 1])
  const before = words[place - 1]
  return countOf(before === 'tests' || before === 'test' ? words[place - 2] : before)
}

function countOf(word: string | undefined): number | null {
  return word !== undefined && /^\d{1,7}\.?$/.test(word) ? Number.parseInt(word, 10) : null
}

function withoutColours(text: string): string {
  const start = String.fromCharCode(27)
  if (!text.includes(start)) return text
  return text
    .split(`${start}[`)
    .map((piece, place) => (place === 0 ? piece : piece.replace(/^[0-9;]{0,20}[A-Za-z]/, '')))
    .join('')
}
