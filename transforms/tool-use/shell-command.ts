import { type Action, isStronger } from './action.ts'
import { looksAhead } from './history-look.ts'
import { programOf } from './program.ts'
import { isShell, programAction } from './program-action.ts'
import { type Joint, type SimpleCommand, shellCommands } from './shell-words.ts'
import { programName, unwrapProgram } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** What a command line of the shell does. */
export interface ShellReading {
  /** the strongest of its steps' */
  readonly action: Action
  readonly steps: readonly ShellStep[]
}

/** One simple command of it, with `bash -c '…'` and the like opened up. */
export interface ShellStep {
  readonly action: Action
  /** what stands between it and the next step */
  readonly joint: Joint
  /** it looks past the commit that the task starts from */
  readonly looksAhead: boolean
}

/** Shells within shells that are opened; deeper ones are `other`. Keeps hostile input linear. */
const MAX_DEPTH = 4

/** SWE-agent's own command `edit 12:14`, whose lines up to `end_of_edit` are text, not shell. */
const LINE_EDIT = /^\s{0,8}edit \d{1,9}:\d{1,9}\s/

/** Reads what a command line does. Linear in its length. */
export function readShellCommand(text: string): ShellReading {
  if (LINE_EDIT.test(text.slice(0, 64)))
    return { action: 'edit', steps: [{ action: 'edit', joint: ';', looksAhead: false }] }
  const steps = readSteps(text, 0)
  const action = steps.reduce<Action>(
    (strongest, step) => (isStronger(step.action, strongest) ? step.action : strongest),
    'other',
  )
  return { action, steps }
}

function readSteps(text: string, depth: number): ShellStep[] {
  const steps: ShellStep[] = []
  let pipedFrom: Action | null = null
  for (const command of shellCommands(text)) {
    const words = unwrapProgram(command.words)
    const inner = depth < MAX_DEPTH ? shellWithin(words, command.input) : null
    const nested = inner === null ? [] : readSteps(inner, depth + 1)
    const last = nested.pop()
    if (last) {
      for (const step of nested) steps.push(step)
      steps.push({ ...last, joint: command.joint })
      pipedFrom = command.joint === '|' ? 'other' : null
      continue
    }
    const action = commandAction(command, words, pipedFrom)
    steps.push({ action, joint: command.joint, looksAhead: looksAhead(words) })
    pipedFrom = command.joint === '|' ? (pipedFrom ?? action) : null
  }
  return steps
}

/** The text that a command gives to a shell: `bash -lc '…'`, `eval …`, `bash <<EOF`; null where it gives none. */
function shellWithin(words: readonly string[], input: string | null): string | null {
  const name = programName(words[0] ?? '')
  if (name === 'eval') return words.slice(1).join(' ')
  if (!isShell(name)) return null
  const option = words.findIndex((word, place) => place > 0 && /^-[a-z]{0,8}c$/.test(word))
  if (option > 0) return words[option + 1] ?? null
  const readsInput = words.slice(1).every((word) => word.startsWith('-'))
  return readsInput ? input : null
}

/**
 * The action of one command. `pipedFrom` is what the head of its pipe does, null where it is no part of one or
 * the head itself: a filter that reads or searches the output of another program reads no file, so `head` after
 * a script is `other`, but `find | grep` searches. What a test, a build or git prints is kept in a file by
 * redirecting it or with `tee`: that is no edit.
 */
function commandAction(command: SimpleCommand, words: readonly string[], pipedFrom: Action | null): Action {
  const program = programOf(words, command.input)
  const { name } = program
  const action = programAction(program)
  const keepsOutput = (what: Action | null): boolean => what === 'test' || what === 'build' || what === 'git'
  if (name === 'tee' && keepsOutput(pipedFrom)) return 'other'
  if (
    !keepsOutput(action) &&
    !keepsOutput(pipedFrom) &&
    command.writesTo.some((file) => isWritten(file, name))
  )
    return 'edit'
  const filters = action === 'read' || action === 'search'
  return filters && pipedFrom !== null && pipedFrom !== 'read' && pipedFrom !== 'search' ? 'other' : action
}

/** Programs that write down what the agent gives them. */
const AUTHORS = wordSet(' : cat echo printf')
const SCRATCH_ENDINGS = ['.log', '.out', '.err', '.txt'] as const

/**
 * Whether a redirection into this file is an edit: not into a device, and what programs other than `cat`, `echo`
 * and `printf` print is no edit where it goes to a temporary file or a log.
 */
function isWritten(file: string, program: string): boolean {
  if (file.startsWith('/dev/')) return false
  return (
    AUTHORS.has(program) || !(file.startsWith('/tmp/') || SCRATCH_ENDINGS.some((end) => file.endsWith(end)))
  )
}
