import type { Trajectory } from '../trajectory.ts'
import type { Action } from './action.ts'
import { readCall } from './call-action.ts'
import { entropyBits } from './entropy.ts'
import { isErrorObservation } from './error-observation.ts'
import { type Feedback, feedbackOn } from './feedback.ts'
import { countRepeats } from './repeats.ts'
import { TestHistory } from './test-history.ts'
import type { TestOutcome } from './test-outcome.ts'
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

/** A test run that fails or never starts is an error also where a pipe hides its exit code, or there is none. */
function isError(action: Action, feedback: Feedback, outcome: TestOutcome | null): boolean {
  return outcome === 'failing' || outcome === 'not_run' || isErrorObservation(feedback, action)
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
