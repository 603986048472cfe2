import type { Action } from './action.ts'

/** How a trajectory uses its tools. Every number is defined here; "a call" is a call of `Trajectory.calls`. */
export interface ToolUse {
  /** number of calls by the tool's name as recorded, in the order of first use */
  readonly callsPerTool: ReadonlyMap<string, number>
  /** number of different tool names called */
  readonly distinctTools: number
  /** Shannon entropy of the distribution of calls over tool names, in bits: 0 with one tool, log2(n) when n are used alike */
  readonly toolEntropyBits: number
  /** calls that run a command in the shell */
  readonly shellCalls: number
  /**
   * number of calls by what they do: each call counts once, as the strongest of test, edit, build, git, search,
   * read, other that occurs in it, whether it succeeds or not: a test command that is not found is of the kind
   * test. Commands of the shell and all other tools; the values add up to the calls
   */
  readonly callsPerAction: Readonly<Record<Action, number>>
  /**
   * calls in which tests were run, passing or not: `callsPerAction.test` without those that show that no test
   * was ever started (no such program or module, nothing collected: see `neverStarted`). Tests were run at all
   * when it is above 0
   */
  readonly testRuns: number
  /**
   * test runs after the last edit (tried, not necessarily successful) or other change to the work tree (see
   * `changesTree`: `git checkout`, `mv`), counting one in the same command line after its change; all test runs
   * where nothing was changed
   */
  readonly testRunsAfterLastEdit: number
  /** the agent ran tests at any time and then ended the run itself (end state `submitted` or `finished`) */
  readonly testedBeforeFinishing: boolean
  /**
   * a failing test run was followed by a passing one, of whatever tests. The outcome is the exit code's where it
   * is the test program's own (not piped, nothing but `&&` after it), else that of the summary in the last 4,096
   * characters of the output; a run that shows neither counts as none, and one that never started did not fail
   */
  readonly failedThenPassed: boolean
  /** calls whose name and arguments equal those of an earlier call, byte for byte */
  readonly repeatedCalls: number
  /** the longest run of equal calls one after the other: 1 when none repeats its predecessor, 0 without calls */
  readonly longestRepeat: number
  /**
   * answered calls whose observation reports an error: an exit code other than 0 (but for a search that exits
   * with 1 and prints nothing), a test run that fails or never starts, whatever the code (in a pipe it is the last
   * program's), a Python traceback at its start or end (not where the call reads, searches or asks git), or,
   * where the harness gives no exit code, a tool's refusal at the start (`ERROR:` and the like), or `command not found`, `No such file or directory`, `Permission denied`,
   * `make: ***` or a Python error in the first or last line
   */
  readonly errorObservations: number
  /** error observations after which a later call with the same action is answered without an error */
  readonly recoveries: number
  /** calls in which git looks, or could look, past the commit the task starts from: see `looksAhead` */
  readonly historyLooks: number
}
