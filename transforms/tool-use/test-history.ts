import { observedEnds } from '../parse/observation.ts'
import type { CallReading } from './call-action.ts'
import type { Feedback } from './feedback.ts'
import type { ShellStep } from './shell-command.ts'
import { summaryOutcome, type TestOutcome } from './test-outcome.ts'
import { neverStarted } from './test-start.ts'

/** The test runs and changes of a trajectory, in order, down to the steps of one command line. */
export class TestHistory {
  runs = 0
  runsAfterLastEdit = 0
  failedThenPassed = false
  #failed = false

  /** Adds the next call; the outcome of its test run, where it is one and shows one. */
  add({ action, shell }: CallReading, feedback: Feedback | null): TestOutcome | null {
    const steps = shell?.steps ?? []
    const lastChange = steps.findLastIndex((step) => step.changesTree)
    if (action === 'edit' || lastChange >= 0) this.runsAfterLastEdit = 0
    if (action !== 'test') return null
    const lastTest = steps.findLastIndex((step) => step.action === 'test')
    const outcome = feedback && testOutcome(steps, lastTest, feedback)
    if (outcome === 'not_run') return outcome
    this.runs++
    // `sed -i … && pytest` tests its own edit; `pytest; sed -i …` leaves one untested.
    if (lastChange <= lastTest) this.runsAfterLastEdit++
    if (outcome === 'failing') this.#failed = true
    if (outcome === 'passing' && this.#failed) this.failedThenPassed = true
    return outcome
  }
}

/** Characters in which a test runner's summary is looked for. */
const LOOKED_AT = { head: 0, tail: 4096 }

/**
 * The outcome of a test run: by the exit code, where it is the test program's (nothing but `&&` follows it, and
 * no pipe); else by the summary at the output's end; null where neither tells. Where something says that the
 * tests never started, a summary still shows that some did: `pytest a && no-such-program`.
 */
function testOutcome(steps: readonly ShellStep[], lastTest: number, feedback: Feedback): TestOutcome | null {
  const last = steps.length - 1
  const decides = steps.slice(Math.max(0, lastTest), last).every((step) => step.joint === '&&')
  const code = decides ? feedback.exitCode : null
  if (code === 0) return 'passing'
  const { tail } = observedEnds(feedback.text, LOOKED_AT)
  if (neverStarted(steps[lastTest]?.runsPytest ?? false, code, tail)) return summaryOutcome(tail) ?? 'not_run'
  return code === null ? summaryOutcome(tail) : 'failing'
}
