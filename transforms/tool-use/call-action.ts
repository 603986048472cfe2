import { argument, shellCommand } from '../parse/arguments.ts'
import type { Call } from '../trajectory.ts'
import type { Action } from './action.ts'
import { codeAction } from './interpreter-action.ts'
import { readShellCommand, type ShellReading } from './shell-command.ts'
import { wordSet } from './word-set.ts'

/** What a call does, and how, where it is a command of the shell. */
export interface CallReading {
  readonly action: Action
  readonly shell: ShellReading | null
}

const EDITOR_TOOLS = wordSet('str_replace_editor str_replace_based_edit_tool file_editor')
const EDITOR_ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['view', 'read'],
  ['create', 'edit'],
  ['str_replace', 'edit'],
  ['insert', 'edit'],
  ['undo_edit', 'edit'],
])

/** Tools that are one command each: SWE-agent's. */
const TOOL_ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['open', 'read'],
  ['goto', 'read'],
  ['scroll_up', 'read'],
  ['scroll_down', 'read'],
  ['find_file', 'search'],
  ['search_dir', 'search'],
  ['search_file', 'search'],
  ['create', 'edit'],
  ['edit', 'edit'],
  ['insert', 'edit'],
  ['append', 'edit'],
])

/** Reads what a call does from its tool and its arguments. A tool that we don't know is `other`. */
export function readCall(call: Call): CallReading {
  const command = shellCommand(call)
  if (command !== null) {
    const shell = readShellCommand(command)
    return { action: shell.action, shell }
  }
  if (EDITOR_TOOLS.has(call.name))
    return { action: EDITOR_ACTIONS.get(argument(call, 'command') ?? '') ?? 'other', shell: null }
  if (call.name === 'execute_ipython_cell')
    return { action: codeAction(argument(call, 'code') ?? ''), shell: null }
  return { action: TOOL_ACTIONS.get(call.name) ?? 'other', shell: null }
}
