import { parseJson } from './parse-json.ts'

/** A call read from an agent's words. */
export interface TextCall {
  readonly name: string
  /** JSON, made from what the text says; what stands in a `<tool_call>` that is not JSON is kept as it is */
  readonly arguments: string
}

/**
 * The calls in the text of one agent's message, for rows that record no structured call. The first form that
 * occurs in the message counts:
 * - `<function=NAME><parameter=KEY>VALUE</parameter>…</function>` (OpenHands), each
 * - `<tool_call>{"name": …, "arguments": …}</tool_call>` (Hermes, Qwen), each
 * - `<command>…</command>` (SWE-agent's XML parser), the last
 * - fences marked bash, sh or shell (mini-swe-agent), each
 * - fences without a mark (SWE-agent), the last: earlier ones are examples
 * - `ACTION:` at the start of a line, up to the end or the next label (SWE-agent's ReAct style)
 * What is not a named function is a command of the tool `bash`. One pass over the text for each form; an opener
 * without its closer ends at the end of the text for `<function=`, whose closer harnesses use as a stop word,
 * and is no call in the other forms.
 */
export function callsFromText(text: string): TextCall[] {
  for (const read of [functionTags, toolCallTags, commandTags, fences, action]) {
    const calls = read(text)
    if (calls.length > 0) return calls
  }
  return []
}

function shellCall(command: string): TextCall {
  return { name: 'bash', arguments: JSON.stringify({ command }) }
}

function functionTags(text: string): TextCall[] {
  const calls: TextCall[] = []
  for (const { label, body } of labelledTags(text, '<function=', '</function>'))
    calls.push({ name: label.trim(), arguments: parameters(body) })
  return calls
}

function parameters(body: string): string {
  const entries: [string, string][] = []
  for (const { label, body: value } of labelledTags(body, '<parameter=', '</parameter>'))
    entries.push([label.trim(), withoutOuterBreaks(value)])
  // fromEntries defines own members, so that a key `__proto__` is an argument like any other.
  return JSON.stringify(Object.fromEntries(entries))
}

/** The elements `<open LABEL> BODY close` of a text, in order; the last may lack its closer. */
function* labelledTags(text: string, open: string, close: string): Iterable<{ label: string; body: string }> {
  let at = text.indexOf(open)
  while (at >= 0) {
    const labelEnd = text.indexOf('>', at)
    if (labelEnd < 0) return
    const found = text.indexOf(close, labelEnd)
    const end = found < 0 ? text.length : found
    yield { label: text.slice(at + open.length, labelEnd), body: text.slice(labelEnd + 1, end) }
    at = found < 0 ? -1 : text.indexOf(open, end)
  }
}

/** Values are written on lines of their own: the line breaks next to the tags are not theirs. */
function withoutOuterBreaks(value: string): string {
  const start = value.startsWith('\n') ? 1 : 0
  const end = value.length > start && value.endsWith('\n') ? value.length - 1 : value.length
  return value.slice(start, end)
}

function toolCallTags(text: string): TextCall[] {
  return elements(text, '<tool_call>', '</tool_call>').map(toolCall)
}

function toolCall(body: string): TextCall {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null) return { name: '', arguments: body.trim() }
  const name = 'name' in value && typeof value.name === 'string' ? value.name : ''
  const given = 'arguments' in value ? value.arguments : {}
  return { name, arguments: typeof given === 'string' ? given : (JSON.stringify(given) ?? '') }
}

function commandTags(text: string): TextCall[] {
  const last = elements(text, '<command>', '</command>').at(-1)
  return last === undefined ? [] : [shellCall(withoutOuterBreaks(last))]
}

function elements(text: string, open: string, close: string): string[] {
  const bodies: string[] = []
  let at = text.indexOf(open)
  while (at >= 0) {
    const end = text.indexOf(close, at + open.length)
    if (end < 0) break
    bodies.push(text.slice(at + open.length, end))
    at = text.indexOf(open, end + close.length)
  }
  return bodies
}

const FENCE = '```'
const SHELL_MARKS: ReadonlySet<string> = new Set(['bash', 'sh', 'shell'])

function fences(text: string): TextCall[] {
  const marked: TextCall[] = []
  let unmarked: string | null = null
  for (const { mark, body } of fencedBlocks(text)) {
    if (SHELL_MARKS.has(mark)) marked.push(shellCall(body))
    else if (mark === '') unmarked = body
  }
  if (marked.length > 0) return marked
  return unmarked === null ? [] : [shellCall(unmarked)]
}

/** Blocks between a line that starts with a fence and the next such line. */
function* fencedBlocks(text: string): Iterable<{ mark: string; body: string }> {
  let at = text.startsWith(FENCE) ? 0 : nextFence(text, 0)
  while (at >= 0) {
    const markEnd = text.indexOf('\n', at)
    if (markEnd < 0) return
    const end = nextFence(text, markEnd)
    if (end < 0) return
    const mark = text.slice(at + FENCE.length, markEnd).trim()
    yield { mark, body: text.slice(markEnd + 1, Math.max(markEnd + 1, end - 1)) }
    at = nextFence(text, end)
  }
}

/** Where the next line that starts with a fence begins, after the line break at or after `from`; -1 if none. */
function nextFence(text: string, from: number): number {
  const found = text.indexOf(`\n${FENCE}`, from)
  return found < 0 ? -1 : found + 1
}

const ACTION = 'ACTION:'
const LABELS = ['\nOBSERVATION:', '\nTHOUGHT:'] as const

function action(text: string): TextCall[] {
  const label = text.startsWith(ACTION) ? 0 : text.indexOf(`\n${ACTION}`) + 1
  if (label === 0 && !text.startsWith(ACTION)) return []
  const start = label + ACTION.length
  const ends = LABELS.map((next) => text.indexOf(next, start)).filter((end) => end >= 0)
  const command = text.slice(start, Math.min(text.length, ...ends)).trim()
  return command === '' ? [] : [shellCall(command)]
}
