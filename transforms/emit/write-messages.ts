import type { ByteWriter } from '../../pipeline/graph/byte-writer.ts'
import { argumentsJson } from './arguments-json.ts'
import type { MessageTexts } from './message-texts.ts'
import type { TrainingCall, TrainingMessage } from './training-messages.ts'

const OPENINGS: Readonly<Record<TrainingMessage['role'], string>> = {
  system: '{"role":"system","content":',
  user: '{"role":"user","content":',
  assistant: '{"role":"assistant","content":',
  tool: '{"role":"tool","content":',
}

/**
 * Writes messages as a JSON array. Members of a message, in this order: `role`, `content`, `reasoning_content`
 * where there is any, `tool_calls` where the assistant calls, `tool_call_id` and `name` of the call that a tool
 * message answers.
 */
export function writeMessages(
  messages: readonly TrainingMessage[],
  texts: MessageTexts,
  writer: ByteWriter,
): void {
  writer.literal('[')
  messages.forEach(({ message, role, calls, answers }, position) => {
    if (position > 0) writer.literal(',')
    writer.literal(OPENINGS[role])
    writer.jsonText(texts.get(message, 'content'))
    if (role === 'assistant' && !texts.isEmpty(message, 'reasoning_content')) {
      writer.literal(',"reasoning_content":')
      writer.jsonText(texts.get(message, 'reasoning_content'))
    }
    if (calls.length > 0) writeCalls(calls, writer)
    if (answers) {
      writer.literal(',"tool_call_id":')
      writer.json(answers.id)
      writer.literal(',"name":')
      writer.json(answers.name)
    }
    writer.literal('}')
  })
  writer.literal(']')
}

function writeCalls(calls: readonly TrainingCall[], writer: ByteWriter): void {
  calls.forEach((call, position) => {
    writer.literal(position > 0 ? ',{"id":' : ',"tool_calls":[{"id":')
    writer.json(call.id)
    writer.literal(',"type":"function","function":{"name":')
    writer.json(call.name)
    writer.literal(',"arguments":')
    writer.text(argumentsJson(call))
    writer.literal('}}')
  })
  writer.literal(']')
}
