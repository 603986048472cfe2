import { list, string, struct } from '../../pipeline/batch/schema.ts'
import { argumentsJson } from './arguments-json.ts'
import type { MessageTexts } from './message-texts.ts'
import type { TrainingCall, TrainingMessage } from './training-messages.ts'

/** The members that `writeMessages` writes. */
export const MESSAGES = list(
  struct({
    role: string(),
    content: string(),
    reasoning_content: string(),
    tool_calls: list(
      struct({
        id: string(),
        type: string(),
        function: struct({ name: string(), arguments: string({ json: true }) }),
      }),
    ),
    tool_call_id: string(),
    name: string(),
  }),
)

/** Messages as records of `MESSAGES`; a member that a message lacks is null. */
export function messageRecords(
  messages: readonly TrainingMessage[],
  texts: MessageTexts,
): Readonly<Record<string, unknown>>[] {
  return messages.map(({ message, role, calls, answers }) => ({
    role,
    content: texts.get(message, 'content'),
    reasoning_content:
      role === 'assistant' && !texts.isEmpty(message, 'reasoning_content')
        ? texts.get(message, 'reasoning_content')
        : null,
    tool_calls: calls.length > 0 ? calls.map(callRecord) : null,
    tool_call_id: answers?.id,
    name: answers?.name,
  }))
}

function callRecord(call: TrainingCall): Readonly<Record<string, unknown>> {
  return {
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: argumentsJson(call) },
  }
}
