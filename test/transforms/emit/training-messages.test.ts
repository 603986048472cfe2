import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trainingMessages } from '../../../transforms/emit/training-messages.ts'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import type { Message } from '../../../transforms/trajectory.ts'
import { agent, bash, call, row, system, tool, user } from '../parse/rows.ts'

const emitted = (...messages: Message[]) =>
  trainingMessages(parseTrajectory(row(messages), { path: 'rows.parquet' }))

const roles = (...messages: Message[]) => emitted(...messages).map(({ role }) => role)

test('what follows the last word of the agent is cut', () => {
  assert.deepEqual(roles(user('fix it'), agent('', bash('ls')), tool('a.py'), agent('done'), tool('bye')), [
    'user',
    'assistant',
    'tool',
    'assistant',
  ])
  assert.deepEqual(roles(user('fix it'), agent('', bash('ls')), tool('a.py'), user('well?')), [
    'user',
    'assistant',
  ])
})

test('without a word of the agent nothing is cut', () => {
  assert.deepEqual(roles(system('be good'), user('fix it')), ['system', 'user'])
})

test('only the first message can be the system message', () => {
  assert.deepEqual(roles(system('one'), system('two'), user('fix'), system('three'), agent('ok')), [
    'system',
    'user',
    'user',
    'user',
    'assistant',
  ])
  assert.deepEqual(roles(user('fix'), system('late'), agent('ok')), ['user', 'user', 'assistant'])
})

test('an observation that answers no call is a user message', () => {
  assert.deepEqual(roles(user('fix'), tool('who asked?'), agent('ok')), ['user', 'user', 'assistant'])
})

test('calls get ids in order, and tool messages name the call that they answer', () => {
  const messages = emitted(
    user('fix'),
    agent('', bash('ls'), call('view', { path: 'a.py' })),
    tool('a.py'),
    tool('print()'),
    agent('', call('submit', {})),
  )
  assert.deepEqual(
    messages.flatMap(({ calls }) => calls.map(({ id }) => id)),
    ['call_0', 'call_1', 'call_2'],
  )
  assert.deepEqual(
    messages.flatMap(({ answers }) => (answers ? [[answers.id, answers.name]] : [])),
    [
      ['call_0', 'bash'],
      ['call_1', 'view'],
    ],
  )
})

test('recorded ids are kept only when every call has one of its own', () => {
  const ids = (...recorded: (string | null)[]) =>
    emitted(user('fix'), agent('', ...recorded.map((id) => call('bash', { command: 'ls' }, id)))).flatMap(
      ({ calls }) => calls.map(({ id }) => id),
    )
  assert.deepEqual(ids('x', 'y'), ['x', 'y'])
  assert.deepEqual(ids('x', 'x'), ['call_0', 'call_1'])
  assert.deepEqual(ids('x', null), ['call_0', 'call_1'])
  assert.deepEqual(ids('x', ''), ['call_0', 'call_1'])
})

test('calls in the text stay there, and what answers them is a user message', () => {
  const messages = emitted(user('fix'), agent('```bash\nls\n```'), user('a.py'), agent('done'))
  assert.deepEqual(
    messages.map(({ role, calls }) => [role, calls.length]),
    [
      ['user', 0],
      ['assistant', 0],
      ['user', 0],
      ['assistant', 0],
    ],
  )
})

test('of any conversation: order is kept, ids are unique, every tool message answers an earlier call', () => {
  const messages = fc.array(
    fc.oneof(
      fc.constant(system('s')),
      fc.constant(user('u')),
      fc.constant(tool('t')),
      fc
        .array(fc.constantFrom(null, '', 'a', 'b'), { maxLength: 3 })
        .map((ids) => agent('a', ...ids.map((id) => call('bash', '{}', id)))),
    ),
    { minLength: 1, maxLength: 20 },
  )
  fc.assert(
    fc.property(messages, (given) => {
      const made = emitted(...given)
      assert.deepEqual(
        made.map(({ message }) => message),
        made.map((_, position) => position),
      )
      const seen = new Set<string>()
      for (const { role, calls, answers } of made) {
        assert.equal(role === 'tool', answers !== null)
        if (answers) assert.ok(seen.has(answers.id))
        for (const { id } of calls) {
          assert.ok(!seen.has(id))
          seen.add(id)
        }
      }
      if (given.some(({ role }) => role === 'assistant')) assert.equal(made.at(-1)!.role, 'assistant')
    }),
  )
})
