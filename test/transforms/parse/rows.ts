import type { Message, ToolCall, TraceRow } from '../../../transforms/trajectory.ts'

/** A row with these messages, and nothing else unless given. */
export function row(messages: readonly Message[] | null, rest: Partial<TraceRow> = {}): TraceRow {
  return {
    instance_id: null,
    repo: null,
    license: null,
    language: null,
    trajectory_id: null,
    messages,
    tools: null,
    resolved: null,
    metadata: {
      category: null,
      teacher_model: { name: null, enable_thinking: null, reasoning_effort: null },
      reference_patch: { patch: null },
      model_patch: { patch: null },
    },
    hf_dataset_name: null,
    model_patch: null,
    ...rest,
  }
}

/** A row whose recorded model patch is `patch`. */
export function withModelPatch(given: TraceRow, patch: string): TraceRow {
  return { ...given, metadata: { ...given.metadata, model_patch: { patch } } }
}

export function message(role: string | null, content: string | null = null): Message {
  return { role, content, reasoning_content: null, tool_call_id: null, tool_calls: null }
}

export const system = (content: string): Message => message('system', content)
export const user = (content: string): Message => message('user', content)
export const tool = (content: string): Message => message('tool', content)

export function agent(content: string | null, ...calls: ToolCall[]): Message {
  return { role: 'assistant', content, reasoning_content: null, tool_call_id: null, tool_calls: calls }
}

export function call(name: string, args: string | object, id: string | null = null): ToolCall {
  const text = typeof args === 'string' ? args : JSON.stringify(args)
  return { id, type: 'function', function: { name, arguments: text } }
}

export const bash = (command: string): ToolCall => call('bash', { command })
