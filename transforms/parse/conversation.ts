import type { Call, Message, Role, ToolCall, Turn } from '../trajectory.ts'
import { callsFromText, type TextCall } from './calls-from-text.ts'
import { type Exchange, type Observation, type OpenCall, pairCalls } from './pair-calls.ts'
import { StructuredCall } from './structured-call.ts'
import { LazyAgentTurn, LazyFeedbackTurn, LazyPromptTurn } from './turns.ts'

/** A row's messages by what they are, with calls and the observations that answer them. */
export interface Conversation {
  readonly turns: readonly Turn[]
  readonly calls: readonly Call[]
  readonly callsFromText: boolean
}

/** A call before it is known which message answers it. */
type RecordedCall = { readonly structured: ToolCall } | { readonly text: TextCall }

/**
 * Reads calls from the messages, pairs them with observations, and says what each message is: turns[i] is
 * messages[i]. In a row without any structured call the agent's words are read for calls, and where it has no
 * tool messages either, the user message right after such calls is the observation.
 */
export function readConversation(messages: readonly Message[], roles: readonly Role[]): Conversation {
  let asked: (readonly RecordedCall[])[] = messages.map((message, index) =>
    roles[index] === 'assistant' ? structuredCalls(message) : NO_CALLS,
  )
  const fromText = asked.every((calls) => calls.length === 0)
  if (fromText)
    asked = messages.map((message, index) => (roles[index] === 'assistant' ? textCalls(message) : NO_CALLS))
  const observed = findObservations(roles, asked, fromText && !roles.includes('tool'))
  const answers = pairCalls(exchangesOf(messages, roles, asked, observed))

  const answeredBy = new Map<number, number>()
  for (const [message, call] of answers) answeredBy.set(call, message)
  const calls: Call[] = []
  const callsOf = asked.map((recorded, message) =>
    recorded.map((call) => {
      const index = calls.length
      calls.push(placeCall(call, { index, message, answeredBy: answeredBy.get(index) ?? null }))
      return calls[index]!
    }),
  )
  const system = roles.indexOf('system')
  const task = roles.findIndex((role, index) => role === 'user' && !observed[index])
  const turns = messages.map((message, index): Turn => {
    if (roles[index] === 'assistant') return new LazyAgentTurn(index, callsOf[index]!, message)
    const answered = answers.get(index)
    const role = roles[index] as Exclude<Role, 'assistant'>
    if (answered !== undefined)
      return new LazyFeedbackTurn(role === 'tool' ? role : 'user', index, answered, message)
    const kind = index === system ? 'system_prompt' : index === task ? 'task' : 'user'
    return new LazyPromptTurn(kind, role, index, observed[index]!, message)
  })
  return { turns, calls, callsFromText: fromText && calls.length > 0 }
}

const NO_CALLS: readonly RecordedCall[] = []

function structuredCalls(message: Message): readonly RecordedCall[] {
  const calls = message.tool_calls
  return calls && calls.length > 0 ? calls.map((structured) => ({ structured })) : NO_CALLS
}

function textCalls(message: Message): readonly RecordedCall[] {
  return callsFromText(message.content ?? '').map((text) => ({ text }))
}

function placeCall(
  call: RecordedCall,
  place: { index: number; message: number; answeredBy: number | null },
): Call {
  if ('text' in call) return { ...place, id: null, name: call.text.name, arguments: call.text.arguments }
  const name = call.structured?.function?.name ?? ''
  return new StructuredCall(call.structured, { ...place, id: idOf(call), name })
}

function idOf(call: RecordedCall): string | null {
  return 'structured' in call ? call.structured?.id || null : null
}

/** Which messages are observations: tool messages, or the user's after calls where the row has no tool messages. */
function findObservations(
  roles: readonly Role[],
  asked: readonly (readonly RecordedCall[])[],
  inUserMessages: boolean,
): boolean[] {
  return roles.map(
    (role, index) =>
      role === 'tool' || (inUserMessages && role === 'user' && index > 0 && asked[index - 1]!.length > 0),
  )
}

/** Cuts the messages before every agent's message; what precedes the first is an exchange without calls. */
function exchangesOf(
  messages: readonly Message[],
  roles: readonly Role[],
  asked: readonly (readonly RecordedCall[])[],
  observed: readonly boolean[],
): Exchange[] {
  const exchanges: Exchange[] = []
  let calls: readonly OpenCall[] = []
  let observations: Observation[] = []
  let count = 0
  messages.forEach((message, index) => {
    if (roles[index] === 'assistant') {
      exchanges.push({ calls, observations })
      calls = asked[index]!.map((call) => ({ index: count++, id: idOf(call) }))
      observations = []
    } else if (observed[index]) {
      observations.push({ message: index, callId: message.tool_call_id || null })
    }
  })
  exchanges.push({ calls, observations })
  return exchanges
}
