import { callArguments } from '../parse/arguments.ts'
import type { Call, Trajectory, Turn } from '../trajectory.ts'

export interface TrainingCall {
  readonly id: string
  readonly name: string
  /** as recorded */
  readonly arguments: string
  /** what they are as JSON; undefined where they are none */
  readonly value: unknown
}

/** A message of the training example, whose texts are those of the row's message. */
export interface TrainingMessage {
  /** index of the row's message */
  readonly message: number
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  /** the assistant's calls; empty for the others */
  readonly calls: readonly TrainingCall[]
  /** the call that a tool message answers; null for the others */
  readonly answers: TrainingCall | null
}

/**
 * A trajectory as the conversation that a trainer wants, in the order of the row:
 *
 * - It ends with the agent's last message; what follows teaches nothing and is cut. A trajectory in which the
 *   agent says nothing is left whole.
 * - One system message, the first. A later one is a user message, because chat templates take one only.
 * - Every tool message names the call that it answers. An observation that answers none is a user message.
 * - In a row whose calls stand in the text, they stay there, and the observations are user messages.
 * - Calls keep their recorded ids where every call of the row has one and none occurs twice; otherwise they are
 *   `call_0`, `call_1`, … in order.
 */
export function trainingMessages(trajectory: Trajectory): TrainingMessage[] {
  const last = trajectory.turns.findLastIndex((turn) => turn.kind === 'agent')
  const turns = last < 0 ? trajectory.turns : trajectory.turns.slice(0, last + 1)
  const calls = trajectory.callsFromText ? [] : identify(trajectory.calls)
  return turns.map((turn, position) => {
    const answers = turn.kind === 'feedback' ? (calls[turn.call] ?? null) : null
    return {
      message: turn.message,
      role: roleOf(turn, position, answers),
      calls: turn.kind === 'agent' && calls.length > 0 ? turn.calls.map((call) => calls[call.index]!) : [],
      answers,
    }
  })
}

function roleOf(turn: Turn, position: number, answers: TrainingCall | null): TrainingMessage['role'] {
  switch (turn.kind) {
    case 'agent':
      return 'assistant'
    case 'feedback':
      return answers ? 'tool' : 'user'
    case 'system_prompt':
      return position === 0 ? 'system' : 'user'
    default:
      return 'user'
  }
}

function identify(calls: readonly Call[]): TrainingCall[] {
  const recorded = new Set(calls.map((call) => call.id))
  const good = recorded.size === calls.length && !recorded.has(null) && !recorded.has('')
  return calls.map((call) => ({
    id: good ? call.id! : `call_${call.index}`,
    name: call.name,
    arguments: call.arguments,
    value: callArguments(call),
  }))
}
