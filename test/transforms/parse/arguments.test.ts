import assert from 'node:assert/strict'
import { test } from 'node:test'
import { argument, callArguments, shellCommand } from '../../../transforms/parse/arguments.ts'
import type { Call } from '../../../transforms/trajectory.ts'

const callOf = (name: string, args: string): Call => ({
  index: 0,
  message: 0,
  id: null,
  name,
  arguments: args,
  answeredBy: null,
})

test('the command of a shell call is found in each harness, and in arguments that are plain code', () => {
  assert.equal(shellCommand(callOf('bash', '{"command": "ls -la"}')), 'ls -la')
  assert.equal(shellCommand(callOf('execute_bash', '{"command": "make", "is_input": "false"}')), 'make')
  assert.equal(shellCommand(callOf('bash', 'ls -la')), 'ls -la')
  assert.equal(shellCommand(callOf('bash', '"ls -la"')), 'ls -la')
})

test('other tools, keys typed into a running program, and broken JSON run no command', () => {
  assert.equal(shellCommand(callOf('str_replace_editor', '{"command": "view"}')), null)
  assert.equal(shellCommand(callOf('execute_bash', '{"command": "C-c", "is_input": "true"}')), null)
  assert.equal(shellCommand(callOf('execute_bash', '{"command": "y", "is_input": true}')), null)
  assert.equal(shellCommand(callOf('bash', '{"command": "ls')), null)
  assert.equal(shellCommand(callOf('bash', '{"command": ["ls"]}')), null)
})

test('arguments that are not JSON are undefined, and so are none', () => {
  assert.equal(callArguments(callOf('f', '{oops')), undefined)
  assert.equal(callArguments(callOf('f', '')), undefined)
  assert.equal(callArguments(callOf('f', 'null')), null)
})

test('members come from the arguments themselves, never from a prototype', () => {
  const hostile = callOf('bash', '{"__proto__": {"command": "rm -rf /"}}')
  assert.equal(shellCommand(hostile), null)
  assert.equal(argument(hostile, 'constructor'), null)
  assert.equal(Object.getPrototypeOf(callArguments(hostile)), Object.prototype)
})

test('arguments nested a million deep are refused or read, not a crash', () => {
  callArguments(callOf('f', '['.repeat(1_000_000)))
  callArguments(callOf('f', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`))
})
