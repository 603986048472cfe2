import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectHarness, type HarnessEvidence } from '../../../transforms/parse/harness.ts'

const harnessOf = (evidence: Partial<HarnessEvidence>): string =>
  detectHarness({
    calledTools: [],
    toolDefinitions: () => [],
    firstObservation: () => '',
    prompts: () => [],
    path: '',
    ...evidence,
  })

const definition = (name: string): string => JSON.stringify({ type: 'function', function: { name } })

test('the tools called tell the harness without a look at anything else', () => {
  const untouchable = (): never => assert.fail('read')
  const rest = { toolDefinitions: untouchable, firstObservation: untouchable, prompts: untouchable }
  assert.equal(harnessOf({ calledTools: ['execute_bash', 'str_replace_editor'], ...rest }), 'openhands')
  assert.equal(harnessOf({ calledTools: ['bash', 'submit'], ...rest }), 'sweagent')
  assert.equal(harnessOf({ calledTools: ['str_replace_editor', 'bash'], ...rest }), 'sweagent')
})

test('bash alone tells nothing, so the tools offered are read', () => {
  const calledTools = ['bash', 'bash']
  assert.equal(harnessOf({ calledTools, toolDefinitions: () => [null, definition('submit')] }), 'sweagent')
  assert.equal(harnessOf({ calledTools, toolDefinitions: () => [definition('bash')] }), 'unknown')
})

test('then the wrapping of the first observation', () => {
  const of = (text: string): string => harnessOf({ calledTools: ['bash'], firstObservation: () => text })
  assert.equal(of('OBSERVATION:\n{"returncode": 0}'), 'sweagent')
  assert.equal(of('x\n(Open file: n/a)\n(Current directory: /a)\nbash-$'), 'sweagent')
  assert.equal(of('{"returncode": 0, "output": ""}'), 'minisweagent')
  assert.equal(of('<returncode>0</returncode>\n<output>\n</output>'), 'minisweagent')
  assert.equal(of('x\n[The command completed with exit code 0.]'), 'openhands')
})

test('then the prompts, and the path at last', () => {
  const of = (...prompts: string[]): string =>
    harnessOf({ prompts: () => prompts, path: 'data/openhands/m/x.parquet' })
  assert.equal(of('<pr_description>\nx</pr_description>\n<instructions>'), 'minisweagent')
  assert.equal(of('SETTING: You are an autonomous programmer', 'x'), 'sweagent')
  assert.equal(of('<issue_description>'), 'openhands')
  assert.equal(of('hello'), 'openhands')
  assert.equal(harnessOf({ path: 'data/mini-swe-agent/x' }), 'minisweagent')
  assert.equal(harnessOf({ path: 'data/qwen_sweagent_trajectories/x' }), 'sweagent')
  assert.equal(harnessOf({}), 'unknown')
})
