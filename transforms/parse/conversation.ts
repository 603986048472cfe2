import type { Call, Role, Turn } from '../trajectory.ts'
import { callsFromText } from './calls-from-text.ts'
import type { Messages } from './messages.ts'
import { NONE, pairCalls } from './pair-calls.ts'
import { RecordedCall, WrittenCall } from './recorded-call.ts'
import { LazyAgentTurn, LazyFeedbackTurn, LazyPromptTurn } from './turns.ts'

/** A row's messages by what they are, with calls and the observations that answer them. */
export interface Conversation {
  readonly turns: readonly Turn[]
  readonly calls: readonly Call[]
  readonly callsFromText: boolean
}

/** Calls in order, and where each message's begin: those of message i are [firstCall[i], firstCall[i + 1]). */
interface Calls {
  readonly calls: readonly (RecordedCall | WrittenCall)[]
  readonly firstCall: Int32Array
}

/**
 * Reads calls from the messages, pairs them with observations, and says what each message is: turns[i] is
 * messages[i]. In a row without any structured call the agent's words are read for calls, and where it has no
 * tool messages either, the user message right after such calls is the observation.
 */
export function readConversation(messages: Messages, roles: readonly Role[]): Conversation {
  const structured = structuredCalls(messages, roles)
  const fromText = structured.calls.length === 0
  const { calls, firstCall } = fromText ? textCalls(messages, roles) : structured
  const inUserMessages = fromText && calls.length > 0 && !roles.includes('tool')

  const isObservation = (message: number): boolean =>
    roles[message] === 'tool' ||
    (inUserMessages &&
      roles[message] === 'user' &&
      message > 0 &&
      firstCall[message]! > firstCall[message - 1]!)
  const { callOf, answeredBy } = pairCalls({
    messages: messages.length,
    firstCall,
    isAgent: (message) => roles[message] === 'assistant',
    isObservation,
    callId: (call) => calls[call]!.id,
    answers: (message) => messages.answers(message),
  })
  for (let call = 0; call < calls.length; call++)
    if (answeredBy[call] !== NONE) calls[call]!.answeredBy = answeredBy[call]!

  const system = roles.indexOf('system')
  const task = roles.findIndex((role, message) => role === 'user' && !isObservation(message))
  const turns: Turn[] = []
  for (let message = 0; message < roles.length; message++) {
    const role = roles[message]!
    if (role === 'assistant')
      turns.push(
        new LazyAgentTurn(messages, message, calls.slice(firstCall[message], firstCall[message + 1])),
      )
    else if (callOf[message] !== NONE)
      turns.push(new LazyFeedbackTurn(messages, message, role === 'tool' ? role : 'user', callOf[message]!))
    else {
      const kind = message === system ? 'system_prompt' : message === task ? 'task' : 'user'
      turns.push(new LazyPromptTurn(messages, message, kind, role, isObservation(message)))
    }
  }
  return { turns, calls, callsFromText: fromText && calls.length > 0 }
}

function structuredCalls(messages: Messages, roles: readonly Role[]): Calls {
  const calls: RecordedCall[] = []
  const firstCall = new Int32Array(messages.length + 1)
  for (let message = 0; message < roles.length; message++) {
    const count = roles[message] === 'assistant' ? messages.calls(message) : 0
    for (let place = 0; place < count; place++)
      calls.push(new RecordedCall(messages, message, place, calls.length))
    firstCall[message + 1] = calls.length
  }
  return { calls, firstCall }
}

function textCalls(messages: Messages, roles: readonly Role[]): Calls {
  const calls: WrittenCall[] = []
  const firstCall = new Int32Array(messages.length + 1)
  for (let message = 0; message < roles.length; message++) {
    if (roles[message] === 'assistant')
      for (const call of callsFromText(messages.content(message) ?? ''))
        calls.push(new WrittenCall(call, message, calls.length))
    firstCall[message + 1] = calls.length
  }
  return { calls, firstCall }
}
