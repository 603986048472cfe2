import { z } from 'zod'
import { defineTransform } from '../../pipeline/index.ts'
import type { Trajectory } from '../trajectory.ts'
import { analyseToolUse } from './analyse-tool-use.ts'

export interface ToolUseColumns {
  readonly calls_per_tool: string
  readonly distinct_tools: number
  readonly tool_entropy: number
  readonly shell_calls: number
  readonly read_calls: number
  readonly search_calls: number
  readonly edit_calls: number
  readonly test_calls: number
  readonly build_calls: number
  readonly git_calls: number
  readonly other_calls: number
  readonly tests_run: boolean
  readonly tests_after_last_edit: number
  readonly tests_before_finish: boolean
  readonly failed_then_passed: boolean
  readonly repeated_calls: number
  readonly longest_repeat: number
  readonly error_observations: number
  readonly recoveries: number
  readonly history_looks: number
}

const calls = (doc: string) => ({ type: 'int32', unit: 'calls', doc }) as const

/** Measures how the agent used its tools. */
export const measureToolUse = defineTransform({
  module: import.meta.url,
  name: 'measureToolUse',
  options: z.strictObject({}),
  reads: ['trajectory', 'messages.content', 'messages.tool_calls'],
  adds: {
    calls_per_tool: {
      type: 'string',
      unit: 'calls',
      doc: 'calls by tool, as a JSON object in the order of first use',
    },
    distinct_tools: { type: 'int32', unit: 'tools', doc: 'different tools called' },
    tool_entropy: {
      type: 'double',
      unit: 'bits',
      doc: 'Shannon entropy of the calls over the tools: 0 for one tool, log2(n) when n are used alike',
    },
    shell_calls: calls('calls that run a shell command'),
    read_calls: calls(
      'calls that look at files and do nothing stronger; each call counts once, by its strongest action',
    ),
    search_calls: calls('calls that search for or in files'),
    edit_calls: calls('calls that write files'),
    test_calls: calls('calls that run tests, or try to'),
    build_calls: calls('calls that compile, package or install'),
    git_calls: calls('calls that ask or change version control'),
    other_calls: calls('calls that do anything else'),
    tests_run: { type: 'boolean', unit: '', doc: 'tests were run at all; a run that never started is none' },
    tests_after_last_edit: calls(
      'test runs after the last edit or other change to the files; all test runs where nothing was changed',
    ),
    tests_before_finish: {
      type: 'boolean',
      unit: '',
      doc: 'tests were run, and the agent then ended the run itself',
    },
    failed_then_passed: {
      type: 'boolean',
      unit: '',
      doc: 'a failing test run was followed by a passing one',
    },
    repeated_calls: calls('calls that equal an earlier call, byte for byte'),
    longest_repeat: calls('longest run of equal calls one after the other'),
    error_observations: { type: 'int32', unit: 'messages', doc: 'observations that report an error' },
    recoveries: {
      type: 'int32',
      unit: 'messages',
      doc: 'error observations after which a later call with the same action is answered without an error',
    },
    history_looks: calls('calls that look, or could look, at commits made after the task was set'),
  },
  open: () => ({ row: measure }),
})

function measure({ trajectory }: { readonly trajectory: Trajectory }): ToolUseColumns {
  const use = analyseToolUse(trajectory)
  return {
    calls_per_tool: JSON.stringify(Object.fromEntries(use.callsPerTool)),
    distinct_tools: use.distinctTools,
    tool_entropy: use.toolEntropyBits,
    shell_calls: use.shellCalls,
    read_calls: use.callsPerAction.read,
    search_calls: use.callsPerAction.search,
    edit_calls: use.callsPerAction.edit,
    test_calls: use.callsPerAction.test,
    build_calls: use.callsPerAction.build,
    git_calls: use.callsPerAction.git,
    other_calls: use.callsPerAction.other,
    tests_run: use.testRuns > 0,
    tests_after_last_edit: use.testRunsAfterLastEdit,
    tests_before_finish: use.testedBeforeFinishing,
    failed_then_passed: use.failedThenPassed,
    repeated_calls: use.repeatedCalls,
    longest_repeat: use.longestRepeat,
    error_observations: use.errorObservations,
    recoveries: use.recoveries,
    history_looks: use.historyLooks,
  }
}
