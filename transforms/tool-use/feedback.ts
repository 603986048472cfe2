import type { Call, FeedbackTurn, Trajectory } from '../trajectory.ts'

/** What the environment answers to a call. */
export interface Feedback {
  readonly text: string
  /** Whether the text has these words of ASCII in it: cheaper than looking in `text`. */
  includes(words: string): boolean
  /** null where the harness gives none */
  readonly exitCode: number | null
}

/** The feedback on a call; null where nothing answers it. */
export function feedbackOn(call: Call, turns: Trajectory['turns']): Feedback | null {
  const turn = call.answeredBy === null ? undefined : turns[call.answeredBy]
  return turn?.kind === 'feedback' ? new TurnFeedback(turn) : null
}

/** Of most observations the exit code says enough. The text is taken from the turn once, when it is asked for. */
class TurnFeedback implements Feedback {
  readonly exitCode: number | null
  readonly #turn: FeedbackTurn
  #text: string | undefined

  constructor(turn: FeedbackTurn) {
    this.exitCode = turn.exitCode
    this.#turn = turn
  }

  includes(words: string): boolean {
    return this.#turn.includes(words)
  }

  get text(): string {
    this.#text ??= this.#turn.text
    return this.#text
  }
}
