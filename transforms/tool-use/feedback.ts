import { LazyFeedbackTurn } from '../parse/turns.ts'
import type { Call, Trajectory } from '../trajectory.ts'

/** What the environment answers to a call. An observation is read from its row once, then held here. */
export interface Feedback {
  readonly text: string
  /** null where the harness gives none */
  readonly exitCode: number | null
}

/** The feedback on a call; null where nothing answers it. */
export function feedbackOn(call: Call, turns: Trajectory['turns']): Feedback | null {
  const turn = call.answeredBy === null ? undefined : turns[call.answeredBy]
  if (turn?.kind !== 'feedback') return null
  return turn instanceof LazyFeedbackTurn ? turn.read() : { text: turn.text, exitCode: turn.exitCode }
}
