import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import type { EndState, Message } from '../../../transforms/trajectory.ts'
import { agent, bash, call, row, tool, user } from './rows.ts'

const endOf = (...messages: Message[]): EndState =>
  parseTrajectory(row([user('fix it'), ...messages]), { path: '' }).end

const SUBMIT = 'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && git diff'
const REVIEW = 'OBSERVATION:\nThank you for your work on this issue. Please carefully follow the steps below'

test('a run that hands in its work is submitted, answered or not', () => {
  assert.equal(endOf(agent('', call('submit', {}))), 'submitted')
  assert.equal(endOf(agent('', call('submit', {})), tool('OBSERVATION:\ndiff --git a/a b/a')), 'submitted')
  assert.equal(endOf(agent('', bash(SUBMIT))), 'submitted')
  assert.equal(endOf(agent('', bash(SUBMIT)), tool('{"returncode": 0, "output": ""}')), 'submitted')
  assert.equal(endOf(agent('```\nsubmit\n```')), 'submitted')
})

test('a submission that is sent back, or whose command fails, and after which nothing comes, is finished', () => {
  assert.equal(endOf(agent('', call('submit', {})), tool(REVIEW)), 'finished')
  assert.equal(endOf(agent('', bash(SUBMIT)), tool('{"returncode": 1, "output": ""}')), 'finished')
})

test('a run that calls finish, or whose last word is only words, is finished', () => {
  assert.equal(endOf(agent('', call('finish', { message: 'done' }))), 'finished')
  assert.equal(endOf(agent('', bash('ls')), tool('a'), agent('I fixed it.')), 'finished')
})

test('anything else is cut off', () => {
  assert.equal(endOf(), 'cut_off')
  assert.equal(endOf(agent('', bash('ls')), tool('a')), 'cut_off')
  assert.equal(endOf(agent('', call('submit', {})), tool(REVIEW), agent('', bash('ls'))), 'cut_off')
  assert.equal(endOf(agent('Shall I go on?'), user('go on')), 'cut_off')
  assert.equal(endOf(agent('')), 'cut_off')
})

test('a run that the harness stops is cut off, also where the harness takes what is there', () => {
  assert.equal(endOf(agent('Exit due to cost limit')), 'cut_off')
  assert.equal(
    endOf(agent('Exit due to format errors'), tool('OBSERVATION:\nExited (autosubmitted)')),
    'cut_off',
  )
})
