import { observedEnds } from '../parse/observation.ts'
import type { Action } from './action.ts'
import type { Feedback } from './feedback.ts'

const LOOKED_AT = { head: 400, tail: 2000 }
const TRACEBACK = 'Traceback (most recent call last)'
/** Starts of observations with which tools refuse a call: OpenHands', SWE-agent's, the editors', git's. */
const REFUSALS = [
  'ERROR:',
  'Error:',
  'No replacement was performed',
  'Invalid `',
  'The path ',
  'Your proposed edit has introduced',
  'Your command was not',
  'Your edit was not',
  'Missing required parameter',
  'fatal: ',
] as const
/** What shells and make say, in the first or the last line of an output. */
const SHELL_ERRORS = [
  'command not found',
  'No such file or directory',
  'Permission denied',
  'syntax error near',
  'make: ***',
] as const
const SHELL_ERROR_CHARACTERS = 300
/** A Python error that ends an output. */
const ERROR_LINE = /^[A-Za-z_.]{0,80}(?:Error|Exception): /

/**
 * Whether an observation reports an error. An exit code decides, with two exceptions. A search that found
 * nothing (code 1, no output) is none. An output with a Python traceback at its start or its end is one whatever
 * the code (in a pipe the code is the last program's), unless the call only looks at something (read, search,
 * git), where the traceback is what was looked at. Where the harness gives no code, these are errors too: a
 * tool's refusal at the start, and a message of the shell, of make or of a Python error in the first or the last
 * line. Only the ends of the text are read. What a test run's summary says is not looked at here.
 */
export function isErrorObservation(feedback: Feedback, action: Action): boolean {
  const { exitCode } = feedback
  if (exitCode !== null && exitCode !== 0)
    return !(
      action === 'search' &&
      exitCode === 1 &&
      observedEnds(feedback.text, LOOKED_AT).head.trim() === ''
    )
  const looks = action === 'read' || action === 'search' || action === 'git'
  // The words of a traceback's head are the same inside JSON: most outputs need no decoding.
  if (exitCode === 0 && looks) return false
  if (exitCode === 0 && !feedback.includes(TRACEBACK)) return false
  const { head, tail } = observedEnds(feedback.text, LOOKED_AT)
  if (!looks && (head.startsWith(TRACEBACK) || endsInTraceback(tail))) return true
  if (exitCode === 0) return false
  const last = lastLine(tail)
  return (
    REFUSALS.some((start) => head.startsWith(start)) ||
    isShellError(firstLine(head)) ||
    isShellError(last) ||
    ERROR_LINE.test(last)
  )
}

/** A traceback whose last line, not indented, ends the output: what follows it is not the program going on. */
function endsInTraceback(tail: string): boolean {
  const at = tail.lastIndexOf(TRACEBACK)
  if (at < 0) return false
  const after = tail.slice(at).trimEnd().split('\n').slice(1)
  const message = after.findIndex((line) => line !== '' && !/^[\s~^]/.test(line))
  return message >= 0 && after.length - message <= 3
}

function isShellError(line: string): boolean {
  return line.length <= SHELL_ERROR_CHARACTERS && SHELL_ERRORS.some((words) => line.includes(words))
}

function firstLine(head: string): string {
  const end = head.indexOf('\n')
  return end < 0 ? head : head.slice(0, end)
}

function lastLine(tail: string): string {
  const text = tail.trimEnd()
  return text.slice(text.lastIndexOf('\n') + 1)
}
