import { type Action, isStronger } from './action.ts'
import { looksAhead } from './history-look.ts'
import { printedText } from './printed-text.ts'
import { type Program, programOf } from './program.ts'
import { isShell, programAction } from './program-action.ts'
import { type Joint, shellCommands } from './shell-words.ts'
import { isPytest } from './test-start.ts'
import { changesTree } from './tree-change.ts'
import { unwrapProgram } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** What a command line of the shell does. */
export interface ShellReading {
  /** the strongest of its steps' */
  readonly action: Action
  readonly steps: readonly ShellStep[]
}

/** One simple command of it, with `bash -c '…'`, `$(…)` and the like opened up. */
export interface ShellStep {
  readonly action: Action
  /** what stands between it and the next step */
  readonly joint: Joint
  /** it looks past the commit that the task starts from */
  readonly looksAhead: boolean
  /** it changes files that tests see: an edit, or another action that does (`git checkout`, `mv`) */
  readonly changesTree: boolean
  /** it is a test run by pytest */
  readonly runsPytest: boolean
}

/** Shells and substitutions within others that are opened; deeper ones are `other`. Keeps hostile input linear. */
const MAX_DEPTH = 4

/** SWE-agent's own command `edit 12:14`, whose lines up to `end_of_edit` are text, not shell. */
const LINE_EDIT = /^\s{0,8}edit \d{1,9}:\d{1,9}\s/

const LINE_EDIT_STEP: ShellStep = {
  action: 'edit',
  joint: ';',
  looksAhead: false,
  changesTree: true,
  runsPytest: false,
}

/** Agents repeat themselves, and others: a quarter of real command lines is one that was read before. */
const KEPT_READINGS = 4096
const LONGEST_KEPT = 256
const readings = new Map<string, ShellReading>()

/** Reads what a command line does. Linear in its length. */
export function readShellCommand(text: string): ShellReading {
  if (text.length > LONGEST_KEPT) return read(text)
  let reading = readings.get(text)
  if (!reading) {
    if (readings.size === KEPT_READINGS) readings.clear()
    reading = read(text)
    readings.set(text, reading)
  }
  return reading
}

function read(text: string): ShellReading {
  if (LINE_EDIT.test(text.slice(0, 64))) return { action: 'edit', steps: [LINE_EDIT_STEP] }
  const steps = readSteps(text, 0)
  let action: Action = 'other'
  for (const step of steps) if (isStronger(step.action, action)) action = step.action
  return { action, steps }
}

/** The steps of a text, those of a substitution before the command it stands in, as they run. */
function readSteps(text: string, depth: number): ShellStep[] {
  const steps: ShellStep[] = []
  let pipedFrom: Action | null = null
  let pipedText: string | null = null
  for (const { words, input, writesTo, substitutions, joint } of shellCommands(text)) {
    const program = programOf(unwrapProgram(words), input ?? pipedText)
    pipedText = joint === '|' ? printedText(program, substitutions.length > 0) : null
    const inner = depth < MAX_DEPTH ? shellWithin(program) : null
    const nested = inner === null ? [] : readSteps(inner, depth + 1)
    const last = nested.pop()
    if (last) {
      for (const step of nested) steps.push(step)
      steps.push({ ...last, joint })
      pipedFrom = joint === '|' ? 'other' : null
      continue
    }
    if (depth < MAX_DEPTH)
      for (const substitution of substitutions)
        for (const step of readSteps(substitution, depth + 1)) steps.push(step)
    const action = commandAction(program, writesTo, pipedFrom)
    steps.push({
      action,
      joint,
      looksAhead: looksAhead(program),
      changesTree: action === 'edit' || changesTree(program),
      runsPytest: action === 'test' && isPytest(program),
    })
    pipedFrom = joint === '|' ? (pipedFrom ?? action) : null
  }
  return steps
}

/** The text that a command gives to a shell: `bash -lc '…'`, `eval …`, `bash <<EOF`; null where it gives none. */
function shellWithin({ name, args, input }: Program): string | null {
  if (name === 'eval') return args.join(' ')
  if (!isShell(name)) return null
  const option = args.findIndex((arg) => /^-[a-z]{0,8}c$/.test(arg))
  if (option >= 0) return args[option + 1] ?? null
  return args.every((arg) => arg.startsWith('-')) ? input : null
}

/**
 * The action of one command. `pipedFrom` is what the head of its pipe does, null where it is no part of one or
 * the head itself: a filter that reads or searches the output of another program reads no file, so `head` after
 * a script is `other`, but `find | grep` searches. Neither does `cat <<EOF`, which only hands text on. What a
 * test, a build or git prints is kept in a file by redirecting it or with `tee`: that is no edit.
 */
function commandAction(program: Program, writesTo: readonly string[], pipedFrom: Action | null): Action {
  const { name } = program
  const action = programAction(program)
  const keepsOutput = (what: Action | null): boolean => what === 'test' || what === 'build' || what === 'git'
  if (name === 'tee' && keepsOutput(pipedFrom)) return 'other'
  if (!keepsOutput(action) && !keepsOutput(pipedFrom) && writesTo.some((file) => isWritten(file, name)))
    return 'edit'
  if (name === 'cat' && printedText(program, false) !== null) return 'other'
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
