import type { Bug } from '../bug.ts'
import type { Chance } from '../chance.ts'
import type { Message } from '../row.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Call } from '../script.ts'

/** A call as it stands in the data. */
interface SpelledCall {
  readonly name: string
  /** JSON as a rule. */
  readonly arguments: string
}

/**
 * The program between a model and a repository, as far as its traces show it: what it offers, what it says,
 * how calls are written, and what comes back. Three real ones are imitated in form, in words of our own.
 */
export interface Harness {
  readonly name: string
  /** JSON tool definitions, one a tool. */
  readonly tools: readonly string[]
  /** Where the repository seems to be. */
  place(bug: Bug): string
  system(): string
  task(bug: Bug): string
  spell(call: Exclude<Call, { kind: 'cut-off' }>, bug: Bug): SpelledCall
  callId(chance: Chance, count: number): string
  /** Carries the call out, for real, as spelled; undefined if this harness leaves such a call unanswered. */
  answer(call: SpelledCall, sandbox: Sandbox, chance: Chance): string | undefined
  /** Whether the last words go into the message, because the call that hands in has no place for them. */
  readonly speaksAtTheEnd: boolean
  /** The messages that the harness itself adds when a run reaches its limit. */
  cutOff(sandbox: Sandbox): readonly Pick<Message, 'role' | 'content'>[]
}

/** A tool definition as the data holds it; parameters are strings unless said otherwise. */
export function defineTool(
  name: string,
  description: string,
  properties: Record<string, object>,
  required: readonly string[],
): string {
  return pythonJson({
    type: 'function',
    function: { name, description, parameters: { type: 'object', properties, required } },
  })
}

/** Arguments as an object, or why they are none. */
export function parseArguments(text: string): { args: Record<string, unknown> } | { problem: string } {
  try {
    const args: unknown = JSON.parse(text)
    if (typeof args === 'object' && args !== null) return { args: { ...args } }
    return { problem: `expected an object, got ${JSON.stringify(args)}` }
  } catch (error) {
    // The wording of JSON.parse changes with Node; the fact doesn't.
    if (error instanceof SyntaxError) return { problem: 'not valid JSON' }
    throw error
  }
}

/** JSON with a space after every comma and colon, as Python's json.dumps writes it. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}

/** The arguments of `str_replace_editor` for a call that edits or views. */
export function editorArguments(
  call: Extract<Call, { kind: 'view' | 'create' | 'replace' }>,
  place: string,
): Record<string, unknown> {
  const path = `${place}/${call.path}`.replace(/\/\.?$/, '')
  switch (call.kind) {
    case 'view':
      return { command: 'view', path, ...(call.lines ? { view_range: call.lines } : {}) }
    case 'create':
      return { command: 'create', path, file_text: call.text }
    case 'replace':
      return { command: 'str_replace', path, old_str: call.before, new_str: call.after }
  }
}

/** The definition of that tool. */
export const editorTool = defineTool(
  'str_replace_editor',
  'View, create and edit text files. Paths are absolute. `str_replace` replaces the one place where old_str occurs.',
  {
    command: { type: 'string', enum: ['view', 'create', 'str_replace'] },
    path: { type: 'string', description: 'Absolute path of a file or folder.' },
    file_text: { type: 'string', description: 'Content of the file to create.' },
    old_str: { type: 'string', description: 'Text to replace, verbatim.' },
    new_str: { type: 'string', description: 'Text to put in its place.' },
    view_range: {
      type: 'array',
      items: { type: 'integer' },
      description: 'First and last line to view; -1 is the end.',
    },
  },
  ['command', 'path'],
)
