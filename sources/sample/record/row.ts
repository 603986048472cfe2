/** A row of the dataset's current layout (revision f967cba): names and order as in its Parquet schema. */
export interface Row {
  instance_id: string
  repo: string
  license: string
  language: string
  trajectory_id: string | null
  messages: Message[]
  tools: string[] | null
  resolved: number | null
  metadata: {
    category: string | null
    teacher_model: TeacherModel | null
    reference_patch: Patch | null
    model_patch: Patch | null
  }
  hf_dataset_name: string
}

export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string | null
  reasoning_content: string | null
  tool_calls: ToolCall[] | null
}

export interface ToolCall {
  function: { arguments: string; name: string }
  id: string | null
  type: string
}

export interface Patch {
  patch: string | null
  num_modified_files: number | null
  num_modified_lines: number | null
}

interface TeacherModel {
  name: string
  enable_thinking: boolean
  reasoning_effort: string | null
}

/** A diff with its two counts: files, and added plus removed lines. */
export function patchOf(diff: string): Patch {
  // Between a file's headers and the next file, a leading + or - is always a changed line.
  let lines = 0
  let inHunk = false
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) inHunk = false
    else if (line.startsWith('@@ ')) inHunk = true
    else if (inHunk && /^[+-]/.test(line)) lines++
  }
  return {
    patch: diff,
    num_modified_files: diff.match(/^diff --git /gm)?.length ?? 0,
    num_modified_lines: lines,
  }
}
