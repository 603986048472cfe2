import type { AgentTurn, Call, EndState, FeedbackTurn, Turn } from '../trajectory.ts'
import { shellCommand } from './arguments.ts'
import { exitCode } from './exit-code.ts'
import { observedEnds } from './observation.ts'

/** What mini-swe-agent's agent prints to hand in its work; the second is the older spelling. */
const SUBMISSION_WORDS = ['COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT', 'MINI_SWE_AGENT_FINAL_OUTPUT'] as const
/** How SWE-agent answers a first `submit`: with a list of things to check before the next one. */
const REVIEW_REQUEST = 'Thank you for your work on this issue'
/** What SWE-agent puts in the agent's mouth when it stops a run. */
const HARNESS_EXIT = 'Exit due to '

/**
 * How a run ends, told by the agent's last turn:
 * - submitted: it calls `submit`, or prints mini-swe-agent's submission word, and the harness doesn't refuse
 *   (SWE-agent's request for a review, a command that failed)
 * - finished: it calls `finish`, or its submission is refused and nothing follows, or it only speaks and has
 *   the last word
 * - cut_off: anything else, also where the harness then took what was there ("Exited (autosubmitted)")
 */
export function endState(turns: readonly Turn[]): EndState {
  const last = turns.findLastIndex((turn) => turn.kind === 'agent')
  const turn = turns[last]
  if (turn?.kind !== 'agent') return 'cut_off'
  if (turn.calls.length === 0) return last === turns.length - 1 && speaksItself(turn) ? 'finished' : 'cut_off'
  let end: EndState = 'cut_off'
  for (const call of turn.calls) {
    if (call.name === 'finish') end = 'finished'
    else if (isSubmission(call)) end = isTaken(call, turns) ? 'submitted' : 'finished'
  }
  return end
}

/** Whether a call hands in the work: `submit` as a tool or as a command, or a command with the submission word. */
export function isSubmission(call: Call): boolean {
  if (call.name === 'submit') return true
  const command = shellCommand(call)
  if (command === null) return false
  return command.trim() === 'submit' || SUBMISSION_WORDS.some((word) => command.includes(word))
}

function isTaken(call: Call, turns: readonly Turn[]): boolean {
  if (call.answeredBy === null) return true
  const { text } = turns[call.answeredBy] as FeedbackTurn
  if (observedEnds(text, { head: REVIEW_REQUEST.length, tail: 0 }).head === REVIEW_REQUEST) return false
  return (exitCode(text) ?? 0) === 0
}

function speaksItself(turn: AgentTurn): boolean {
  const { text } = turn
  return text !== '' && !text.startsWith(HARNESS_EXIT)
}
