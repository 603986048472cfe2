import type { Call } from '../trajectory.ts'
import { parseJson } from './parse-json.ts'
import { RecordedCall } from './recorded-call.ts'

/**
 * The call's arguments as a value; undefined where they are not JSON (and where there are none at all). A key
 * `__proto__` in them is an own property of the value like any other and changes no prototype: read members
 * with `argument`, and never copy the value with Object.assign.
 */
export function callArguments(call: Call): unknown {
  return call instanceof RecordedCall ? call.value : parseJson(call.arguments)
}

/** The own string member `key` of the call's arguments; null where there is none. */
export function argument(call: Call, key: string): string | null {
  const value = member(call, key)
  return typeof value === 'string' ? value : null
}

function member(call: Call, key: string): unknown {
  const value = callArguments(call)
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}

/** Tools that hand their argument to a shell: mini-swe-agent and SWE-agent call it `bash`. */
const SHELL_TOOLS: ReadonlySet<string> = new Set(['bash', 'execute_bash', 'shell', 'terminal'])
const COMMAND_KEYS = ['command', 'cmd'] as const

/**
 * The command that a call runs in the shell; null for other tools, and for keys typed into a program that
 * already runs (OpenHands' `is_input`). Arguments that are plain code rather than JSON are the command.
 */
export function shellCommand(call: Call): string | null {
  if (!SHELL_TOOLS.has(call.name)) return null
  const value = callArguments(call)
  if (typeof value === 'string') return value
  if (value === undefined) return call.arguments.trimStart().startsWith('{') ? null : call.arguments
  if (String(member(call, 'is_input')) === 'true') return null
  for (const key of COMMAND_KEYS) {
    const command = argument(call, key)
    if (command !== null) return command
  }
  return null
}
