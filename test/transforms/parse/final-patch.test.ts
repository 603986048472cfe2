import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import type { FinalPatch, Message } from '../../../transforms/trajectory.ts'
import { agent, bash, call, row, tool, user, withModelPatch } from './rows.ts'

const DIFF = 'diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-"\\old"\t\r\n+new é\n'

const patchOf = (...messages: Message[]): FinalPatch =>
  parseTrajectory(row([user('fix it'), ...messages]), { path: '' }).finalPatch

const submits = (observation: string): FinalPatch => patchOf(agent('', call('submit', {})), tool(observation))

test('the recorded patch comes first, then the old top-level one; empty ones count as none', () => {
  const messages = [user('x'), agent('', call('submit', {})), tool(`OBSERVATION:\n${DIFF}`)]
  const at = (given: Parameters<typeof parseTrajectory>[0]) => parseTrajectory(given, { path: '' }).finalPatch
  const top = row(messages, { model_patch: 'top' })
  assert.deepEqual(at(withModelPatch(top, 'recorded')), { patch: 'recorded', from: 'metadata' })
  assert.deepEqual(at(withModelPatch(top, '')), { patch: 'top', from: 'top_level' })
  assert.deepEqual(at(row(messages, { model_patch: '' })), { patch: DIFF, from: 'observation' })
  assert.deepEqual(at(row([user('x'), agent('done')])), { patch: null, from: 'none' })
})

test('a row without metadata is read for what else it has', () => {
  const given = { ...row([user('x')], { model_patch: 'top' }), metadata: undefined } as unknown as ReturnType<
    typeof row
  >
  assert.deepEqual(parseTrajectory(given, { path: '' }).finalPatch, { patch: 'top', from: 'top_level' })
})

test('the diff in an observation is taken byte for byte out of what each harness wraps around it', () => {
  const wrapped = [
    DIFF,
    `OBSERVATION:\n${DIFF}`,
    `OBSERVATION:\n\n${DIFF}\n(Open file: /a)\n(Current directory: /b)\nbash-$`,
    `OBSERVATION:\nThank you.\r\n\r\n<diff>\r\n${DIFF}\r\n</diff>`,
    JSON.stringify({ returncode: 0, output: DIFF }),
    JSON.stringify({ returncode: 0, output: `COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT\n${DIFF}` }),
    `<returncode>0</returncode>\n<output>\n${DIFF}</output>`,
    `${DIFF}\n[The command completed with exit code 0.]`,
  ]
  for (const observation of wrapped)
    assert.deepEqual(submits(observation), { patch: DIFF, from: 'observation' })
})

test('a diff without a git header is found by its three lines; a rule or a list is none', () => {
  const plain = '--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\n+b\n'
  assert.equal(submits(`here\n${plain}`).patch, plain)
  assert.equal(submits('--- a\n--- b\n+++ c\nnot a hunk\n').from, 'none')
  assert.equal(submits('see diff --git in the manual').from, 'none')
})

test('the last observation with a diff counts', () => {
  const first = patchOf(
    agent('', bash('git diff')),
    tool('diff --git a/x b/x'),
    agent('', bash('git diff')),
    tool(DIFF),
  )
  assert.equal(first.patch, DIFF)
})

test('the history of others is not the patch of the agent', () => {
  assert.equal(submits(`commit 0123456789abcdef\nAuthor: A\n\n    fix\n\n${DIFF}`).from, 'none')
})

test('a diff before the agent was spoken to again belongs to what was before', () => {
  const demonstration = [agent('', call('submit', {})), tool(`OBSERVATION:\n${DIFF}`)]
  assert.equal(patchOf(...demonstration, user('now yours'), agent('', bash('ls')), tool('a')).from, 'none')
  assert.equal(
    patchOf(...demonstration, tool('OBSERVATION:\nthe issue'), agent('', bash('ls')), tool('a')).from,
    'none',
  )
  assert.equal(patchOf(...demonstration, user('thank you')).patch, DIFF)
})

test('an observation of many rules and no hunk is read', () => {
  assert.equal(submits('--- a\n+++ b\n'.repeat(50_000)).from, 'none')
})
