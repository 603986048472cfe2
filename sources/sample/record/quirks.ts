import type { Message, Row, ToolCall } from './row.ts'

/** What real rows suffer from and a run doesn't bring about by itself. Each works on one recorded row. */
export const quirks: Record<string, (row: Row) => void> = {
  'no-trajectory-id': (row) => {
    row.trajectory_id = null
  },
  'no-label': (row) => {
    row.resolved = null
  },
  'no-tools': (row) => {
    row.tools = null
  },
  /** The diff stands only in the last observation. */
  'no-model-patch': (row) => {
    row.metadata.model_patch = { patch: null, num_modified_files: null, num_modified_lines: null }
  },
  /** Members of the metadata are absent as a whole. */
  'bare-metadata': (row) => {
    row.metadata.teacher_model = null
    row.metadata.reference_patch = null
  },
  /** The patch stops in the middle of a hunk, as after a length limit. */
  'cut-patch': (row) => {
    const patch = row.metadata.model_patch!
    const lines = patch.patch!.split('\n')
    patch.patch = lines
      .slice(0, lines.findIndex((line) => line.startsWith('+') && !line.startsWith('+++')) + 1)
      .join('\n')
  },
  'empty-ids': (row) => {
    for (const call of calls(row)) call.id = ''
  },
  'null-ids': (row) => {
    for (const call of calls(row)) call.id = null
  },
  'repeated-ids': (row) => {
    for (const call of calls(row)) call.id = 'call_0'
  },
  /** A server that sends an observation a second time, when its call is answered already. */
  'stray-observation': (row) => {
    const at = row.messages.findIndex(({ role }) => role === 'tool')
    row.messages.splice(at + 1, 0, structuredClone(row.messages[at]!))
  },
  /** Calls only as fences in the text, observations as mini-swe-agent's text form gives them. */
  fenced: (row) => {
    for (const message of row.messages) fence(message)
  },
  /** The same, with the observations left as they are. */
  'fenced-calls': (row) => {
    for (const message of row.messages) if (message.role === 'assistant') fence(message)
  },
  /** Everything empty is null. */
  nulls: (row) => {
    for (const message of row.messages) {
      message.content ||= null
      message.reasoning_content ||= null
      if (message.tool_calls?.length === 0) message.tool_calls = null
    }
  },
  /** Null, "" and [] by turns. */
  mixed: (row) => {
    for (const [at, message] of row.messages.entries()) {
      message.content ||= at % 2 === 0 ? null : ''
      message.reasoning_content ||= at % 3 === 0 ? null : ''
      if (!message.tool_calls?.length) message.tool_calls = at % 4 < 2 ? null : []
    }
  },
}

function calls(row: Row): ToolCall[] {
  return row.messages.flatMap(({ tool_calls }) => tool_calls ?? [])
}

function fence(message: Message): void {
  if (message.role === 'assistant' && message.tool_calls?.length) {
    const commands = message.tool_calls.map(({ function: { arguments: text } }) =>
      String(JSON.parse(text).command),
    )
    message.content = `THOUGHT: ${message.reasoning_content || message.content}\n\n${commands
      .map((command) => `\`\`\`bash\n${command}\n\`\`\``)
      .join('\n')}`
    message.reasoning_content = ''
    message.tool_calls = []
  }
  if (message.role === 'tool') {
    const { returncode, output } = JSON.parse(message.content!)
    message.role = 'user'
    message.content = `<returncode>${returncode}</returncode>\n<output>\n${output}</output>`
  }
}
