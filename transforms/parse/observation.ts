import { parseJson } from './parse-json.ts'

/**
 * What the environment said, found inside what its harness wrapped around it:
 * - SWE-agent: `OBSERVATION:\n` before, the lines `(Open file: …)`, `(Current directory: …)`, `bash-$` after
 * - mini-swe-agent: JSON `{"returncode": 0, "output": "…"}`, or `<returncode>0</returncode>\n<output>\n…</output>`
 * - OpenHands: lines in square brackets after: exit code, working directory, interpreter
 * Long texts are only touched at their ends.
 */
interface Output {
  readonly start: number
  readonly end: number
  /** the text between is the inside of a JSON string */
  readonly escaped: boolean
}

/** The prefix of every observation of SWE-agent's. */
export const SWE_AGENT_PREFIX = 'OBSERVATION:\n'
const SWE_AGENT_PROMPT = 'bash-$'
const SWE_AGENT_STATE = '\n(Open file: '
/** The state lines hold two paths; anything longer is not theirs. */
const MAX_STATE_CHARACTERS = 8192

const JSON_RETURNCODE = /^\{\s{0,8}"returncode"\s{0,8}:\s{0,8}(-?\d{1,9})\s{0,8}[,}]/
const JSON_OUTPUT_FIRST = /^\{\s{0,8}"output"\s{0,8}:\s{0,8}"/
const JSON_OUTPUT_KEY = /^\s{0,8}"output"\s{0,8}:\s{0,8}"/
const JSON_RETURNCODE_LAST = /"\s{0,8},\s{0,8}"returncode"\s{0,8}:\s{0,8}(-?\d{1,9})\s{0,8}\}\s{0,8}$/
const JSON_LATER_KEY = '", "exception_info": '
const TAG_RETURNCODE = /^<returncode>(-?\d{1,9})<\/returncode>\s{0,4}/
const OUTPUT_OPEN = '<output>\n'
const OUTPUT_CLOSE = '</output>'
/** What its texts begin with. */
const BRACE = '{'.charCodeAt(0)
const ANGLE_BRACKET = '<'.charCodeAt(0)
/** No head or tail that we match is longer. */
const EDGE_CHARACTERS = 4096

/**
 * Its return code by the first characters of a text: null where they show that there is none, undefined where only the
 * end tells.
 */
export function returncodeOfHead(head: string): number | null | undefined {
  const first = head.charCodeAt(0)
  if (first !== BRACE && first !== ANGLE_BRACKET) return null
  const start = head.slice(0, 64)
  const found = JSON_RETURNCODE.exec(start) ?? TAG_RETURNCODE.exec(start)
  if (found) return Number(found[1])
  return JSON_OUTPUT_FIRST.test(start) ? undefined : null
}

/** mini-swe-agent's return code, from the head or the tail of its JSON or from its tag; null in other forms. */
export function returncode(text: string): number | null {
  const code = returncodeOfHead(text)
  if (code !== undefined) return code
  const found = JSON_RETURNCODE_LAST.exec(text.slice(-EDGE_CHARACTERS))
  return found ? Number(found[1]) : null
}

/** All that the environment said, unescaped. Costs as much as the text is long. */
export function observedOutput(text: string): string {
  const { start, end, escaped } = findOutput(text)
  const inside = text.slice(start, end)
  return escaped ? unescapeJson(inside) : inside
}

/** The first and the last characters of what the environment said, up to a limit; fewer where they are escaped. */
export function observedEnds(
  text: string,
  limits: { readonly head: number; readonly tail: number },
): { head: string; tail: string } {
  const { start, end, escaped } = findOutput(text)
  const head = text.slice(start, Math.min(end, start + limits.head))
  const tail = text.slice(Math.max(start, end - limits.tail), end)
  return escaped ? { head: unescapeJson(head), tail: unescapeJson(tail) } : { head, tail }
}

function findOutput(text: string): Output {
  const first = text.charCodeAt(0)
  return (
    (first === BRACE ? jsonOutput(text) : first === ANGLE_BRACKET ? taggedOutput(text) : null) ??
    plainOutput(text)
  )
}

function jsonOutput(text: string): Output | null {
  const head = text.slice(0, 128)
  const first = JSON_OUTPUT_FIRST.exec(head)
  if (first) {
    const last = JSON_RETURNCODE_LAST.exec(text.slice(-EDGE_CHARACTERS))
    return last && { start: first[0].length, end: text.length - last[0].length, escaped: true }
  }
  const code = JSON_RETURNCODE.exec(head)
  const key = code && JSON_OUTPUT_KEY.exec(head.slice(code[0].length))
  if (!key) return null
  const start = code[0].length + key[0].length
  const edge = Math.max(start, text.length - EDGE_CHARACTERS)
  const later = text.slice(edge).lastIndexOf(JSON_LATER_KEY)
  const end = later >= 0 ? edge + later : text.lastIndexOf('"')
  return { start, end: Math.max(start, end), escaped: true }
}

function taggedOutput(text: string): Output | null {
  const code = TAG_RETURNCODE.exec(text.slice(0, 64))
  if (!code) return null
  const wrapped = text.startsWith(OUTPUT_OPEN, code[0].length)
  const start = code[0].length + (wrapped ? OUTPUT_OPEN.length : 0)
  const close = wrapped ? text.lastIndexOf(OUTPUT_CLOSE) : -1
  return { start, end: close >= start ? close : text.length, escaped: false }
}

function plainOutput(text: string): Output {
  const start = text.startsWith(SWE_AGENT_PREFIX) ? SWE_AGENT_PREFIX.length : 0
  if (text.endsWith(SWE_AGENT_PROMPT)) {
    const state = text.slice(-MAX_STATE_CHARACTERS).lastIndexOf(SWE_AGENT_STATE)
    const end = Math.max(0, text.length - MAX_STATE_CHARACTERS) + state
    if (state >= 0 && end >= start) return { start, end, escaped: false }
  }
  return { start, end: Math.max(start, readFooters(text).start), escaped: false }
}

/** What OpenHands writes under the output of a command. */
const FOOTERS = ['[The command ', '[Command ', '[Current working directory: ', '[Python '] as const
const MAX_FOOTERS = 8
const NO_FOOTERS: readonly string[] = []

/** The lines in square brackets that OpenHands puts under an output, from the last one up. */
export function openhandsFooters(text: string): readonly string[] {
  return readFooters(text).footers
}

/** The footers of a text by its tail; null where the tail is too short to tell. */
export function footersOfTail(tail: string): readonly string[] | null {
  const { footers, reached } = readFooters(tail)
  return reached > 0 ? footers : null
}

interface Footers {
  readonly footers: readonly string[]
  /** where they begin, with the line break before them; the text's end where there are none */
  readonly start: number
  /** the text was looked at from here on */
  readonly reached: number
}

function readFooters(text: string): Footers {
  let start = text.length
  let end = trimmedEnd(text, text.length)
  if (text[end - 1] !== ']') return { footers: NO_FOOTERS, start, reached: end }
  const footers: string[] = []
  let reached = end
  while (footers.length < MAX_FOOTERS && text[end - 1] === ']') {
    const from = lineStart(text, end)
    reached = from
    const line = text.slice(from, end)
    if (!FOOTERS.some((footer) => line.startsWith(footer))) break
    footers.push(line)
    start = text[from - 1] === '\n' ? from - 1 : from
    end = trimmedEnd(text, from)
    reached = end
  }
  return { footers, start, reached }
}

function lineStart(text: string, end: number): number {
  const edge = Math.max(0, end - EDGE_CHARACTERS)
  const line = text.slice(edge, end).lastIndexOf('\n')
  return line < 0 ? edge : edge + line + 1
}

/** Where the text before `end` stops having white space; looks back no further than an edge. */
function trimmedEnd(text: string, end: number): number {
  const edge = Math.max(0, end - EDGE_CHARACTERS)
  return edge + text.slice(edge, end).trimEnd().length
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/**
 * The inside of a JSON string as text. An escape cut off at the end is left out; one cut at the start leaves
 * its last characters: for whole strings the result is JSON.parse's.
 */
function unescapeJson(inside: string): string {
  let backslash = inside.indexOf('\\')
  if (backslash < 0) return inside
  const whole = parseJson(`"${inside}"`)
  if (typeof whole === 'string') return whole
  const parts: string[] = []
  let from = 0
  while (backslash >= 0) {
    parts.push(inside.slice(from, backslash))
    const letter = inside[backslash + 1]
    if (letter === undefined) return parts.join('')
    if (letter === 'u') {
      const unit = Number.parseInt(inside.slice(backslash + 2, backslash + 6), 16)
      if (!Number.isNaN(unit)) parts.push(String.fromCharCode(unit))
    } else {
      parts.push(ESCAPES[letter] ?? letter)
    }
    from = backslash + (letter === 'u' ? 6 : 2)
    backslash = inside.indexOf('\\', from)
  }
  parts.push(inside.slice(from))
  return parts.join('')
}
