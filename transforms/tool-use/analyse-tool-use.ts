import { observedEnds } from '../parse/observation.ts'
import type { Call, FeedbackTurn, Trajectory } from '../trajectory.ts'
import type { Action } from './action.ts'
import { type CallReading, readCall } from './call-action.ts'
import { entropyBits } from './entropy.ts'
import { isErrorObservation } from './error-observation.ts'
import { countRepeats } from './repeats.ts'
import type { ShellStep } from './shell-command.ts'
import { summaryOutcome, type TestOutcome } from './test-outcome.ts'
import type { ToolUse } from './tool-use.ts'

/**
 * Measures how a trajectory uses its tools. One pass over the calls with the observation that answers each; of
 * an observation only the ends are looked at. Linear in calls and arguments.
 */
export function analyseToolUse(trajectory: Trajectory): ToolUse {
  const { calls, turns } = trajectory
  const callsPerTool = new Map<string, number>()
  const callsPerAction = noActions()
  const tests = new TestHistory()
  const errors = new ErrorHistory()
  let shellCalls = 0
  let historyLooks = 0
  for (const call of calls) {
    callsPerTool.set(call.name, (callsPerTool.get(call.name) ?? 0) + 1)
    const reading = readCall(call)
    callsPerAction[reading.action]++
    if (reading.shell) {
      shellCalls++
      if (reading.shell.steps.some((step) => step.looksAhead)) historyLooks++
    }
    const feedback = feedbackOn(call, turns)
    const outcome = tests.add(reading, feedback)
    if (feedback) errors.add(reading.action, isError(reading.action, feedback, outcome))
  }
  const repeats = countRepeats(calls)
  return {
    callsPerTool,
    distinctTools: callsPerTool.size,
    toolEntropyBits: entropyBits([...callsPerTool.values()]),
    shellCalls,
    callsPerAction,
    testRuns: tests.runs,
    testRunsAfterLastEdit: tests.runsAfterLastEdit,
    testedBeforeFinishing: tests.runs > 0 && trajectory.end !== 'cut_off',
    failedThenPassed: tests.failedThenPassed,
    repeatedCalls: repeats.repeated,
    longestRepeat: repeats.longestRun,
    errorObservations: errors.count,
    recoveries: errors.recoveries,
    historyLooks,
  }
}

function noActions(): Record<Action, number> {
  return { other: 0, read: 0, search: 0, git: 0, build: 0, edit: 0, test: 0 }
}

function feedbackOn(call: Call, turns: Trajectory['turns']): Feedback | null {
  const turn = call.answeredBy === null ? undefined : turns[call.answeredBy]
  if (turn?.kind !== 'feedback') return null
  return readFeedback(turn)
}

/** An observation, read from the row once. */
interface Feedback {
  readonly text: string
  readonly exitCode: number | null
}

function readFeedback(turn: FeedbackTurn): Feedback {
  return { text: turn.text, exitCode: turn.exitCode }
}

/** The test runs and edits of a trajectory, in order, down to the steps of one command line. */
class TestHistory {
  runs = 0
  runsAfterLastEdit = 0
  failedThenPassed = false
  #failed = false

  /** Adds the next call; the outcome of its test run, where it is one and shows one. */
  add({ action, shell }: CallReading, feedback: Feedback | null): TestOutcome | null {
    if (action === 'edit') this.runsAfterLastEdit = 0
    if (action !== 'test') return null
    const steps = shell?.steps ?? []
    const lastTest = steps.findLastIndex((step) => step.action === 'test')
    const lastEdit = steps.findLastIndex((step) => step.action === 'edit')
    this.runs++
    // `sed -i … && pytest` tests its own edit; `pytest; sed -i …` leaves one untested.
    if (lastEdit < 0) this.runsAfterLastEdit++
    else this.runsAfterLastEdit = lastEdit < lastTest ? 1 : 0
    const outcome = feedback && testOutcome(steps, lastTest, feedback)
    if (outcome === 'failing') this.#failed = true
    if (outcome === 'passing' && this.#failed) this.failedThenPassed = true
    return outcome
  }
}

/** Characters in which a test runner's summary is looked for. */
const LOOKED_AT = { head: 0, tail: 4096 }

/**
 * The outcome of a test run: by the exit code, where it is the test program's (nothing but `&&` follows it, and
 * no pipe); else by the summary at the output's end; null where neither tells.
 */
function testOutcome(steps: readonly ShellStep[], lastTest: number, feedback: Feedback): TestOutcome | null {
  const { exitCode, text } = feedback
  const last = steps.length - 1
  const decides = steps.slice(Math.max(0, lastTest), last).every((step) => step.joint === '&&')
  if (exitCode !== null && decides) return exitCode === 0 ? 'passing' : 'failing'
  return summaryOutcome(observedEnds(text, LOOKED_AT).tail)
}

/** A test run that fails is an error also where no exit code says so. */
function isError(action: Action, { text, exitCode }: Feedback, outcome: TestOutcome | null): boolean {
  return isErrorObservation(text, exitCode, action) || (exitCode === null && outcome === 'failing')
}

/** Errors and what came after them, by action. */
class ErrorHistory {
  count = 0
  recoveries = 0
  readonly #open = noActions()

  add(action: Action, isError: boolean): void {
    if (isError) {
      this.count++
      this.#open[action]++
    } else {
      this.recoveries += this.#open[action]
      this.#open[action] = 0
    }
  }
}
