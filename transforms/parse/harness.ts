import type { Harness } from '../trajectory.ts'
import { openhandsFooters, returncode, SWE_AGENT_PREFIX } from './observation.ts'

/** What tells a harness; read in this order, and only as far as needed. */
export interface HarnessEvidence {
  readonly calledTools: Iterable<string>
  /** the row's tool definitions, each JSON */
  readonly toolDefinitions: () => readonly (string | null)[]
  readonly firstObservation: () => string
  readonly prompts: () => readonly string[]
  readonly path: string
}

const OPENHANDS_TOOLS = new Set(['execute_bash', 'execute_ipython_cell', 'finish', 'think', 'task_tracker'])
const SWE_AGENT_TOOLS = new Set([
  'submit',
  'open',
  'goto',
  'scroll_up',
  'scroll_down',
  'create',
  'edit',
  'insert',
  'append',
  'find_file',
  'search_dir',
  'search_file',
])

/**
 * The harness that recorded a row: told from the tools it called or was offered, else from how its observations
 * are wrapped, else from its prompts, and from the file's path only if nothing else tells.
 */
export function detectHarness(evidence: HarnessEvidence): Harness {
  return (
    fromTools(evidence.calledTools) ??
    fromTools(offeredTools(evidence.toolDefinitions())) ??
    fromObservation(evidence.firstObservation()) ??
    fromPrompts(evidence.prompts()) ??
    fromPath(evidence.path) ??
    'unknown'
  )
}

/** `bash` alone tells nothing: mini-swe-agent has only that, SWE-agent can be configured so. */
function fromTools(names: Iterable<string>): Harness | null {
  let bash = false
  let editor = false
  for (const name of names) {
    if (OPENHANDS_TOOLS.has(name)) return 'openhands'
    if (SWE_AGENT_TOOLS.has(name)) return 'sweagent'
    bash ||= name === 'bash'
    editor ||= name === 'str_replace_editor'
  }
  return bash && editor ? 'sweagent' : null
}

function* offeredTools(definitions: readonly (string | null)[]): Iterable<string> {
  for (const definition of definitions) {
    const name = definition && /"name"\s{0,8}:\s{0,8}"([^"\\]{1,100})"/.exec(definition)?.[1]
    if (name) yield name
  }
}

function fromObservation(text: string): Harness | null {
  if (text.startsWith(SWE_AGENT_PREFIX) || text.endsWith('\nbash-$')) return 'sweagent'
  if (returncode(text) !== null) return 'minisweagent'
  return openhandsFooters(text).length > 0 ? 'openhands' : null
}

function fromPrompts(prompts: readonly string[]): Harness | null {
  for (const prompt of prompts) {
    if (prompt.startsWith('You are OpenHands agent') || prompt.includes('<issue_description>'))
      return 'openhands'
    if (prompt.includes('COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT')) return 'minisweagent'
    if (prompt.includes('<pr_description>'))
      return prompt.includes('<instructions>') ? 'minisweagent' : 'sweagent'
    if (prompt.startsWith('SETTING: You are an autonomous programmer')) return 'sweagent'
  }
  return null
}

const PATH_NAMES: readonly (readonly [string, Harness])[] = [
  ['openhands', 'openhands'],
  ['minisweagent', 'minisweagent'],
  ['sweagent', 'sweagent'],
]

function fromPath(path: string): Harness | null {
  const letters = path.toLowerCase().replaceAll('-', '').replaceAll('_', '')
  return PATH_NAMES.find(([name]) => letters.includes(name))?.[1] ?? null
}
