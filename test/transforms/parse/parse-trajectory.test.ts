import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import { RowError } from '../../../transforms/parse/row-error.ts'
import type { Message, TraceRow, Trajectory } from '../../../transforms/trajectory.ts'
import { agent, bash, call, message, row, system, tool, user } from './rows.ts'

const parse = (given: TraceRow): Trajectory => parseTrajectory(given, { path: 'rows.parquet' })

/** All of a trajectory as plain data. */
function plain(trajectory: Trajectory): unknown {
  const { callsFromText, harness, end, finalPatch, label, language, teacherModel, flags } = trajectory
  const turns = trajectory.turns.map((turn) => {
    switch (turn.kind) {
      case 'agent': {
        const calls = turn.calls.map((made) => made.index)
        return { kind: turn.kind, message: turn.message, reasoning: turn.reasoning, text: turn.text, calls }
      }
      case 'feedback': {
        const { kind, message, call, exitCode, text } = turn
        return { kind, message, call, exitCode, text }
      }
      default: {
        const { kind, message, orphanObservation, text } = turn
        return { kind, message, orphanObservation, text }
      }
    }
  })
  const calls = trajectory.calls.map((made) => ({
    index: made.index,
    message: made.message,
    id: made.id,
    name: made.name,
    arguments: made.arguments,
    answeredBy: made.answeredBy,
  }))
  return { turns, calls, callsFromText, harness, end, finalPatch, label, language, teacherModel, flags }
}

const golden = new URL('golden/', import.meta.url)
const goldenRows = readdirSync(golden).filter((name) => name.endsWith('.row.json'))
test('there is a golden row for every harness and for calls in the text', () =>
  assert.ok(goldenRows.length >= 5))
for (const file of goldenRows) {
  const name = file.slice(0, -'.row.json'.length)
  test(`the golden row ${name} is read as its trajectory`, () => {
    const given = JSON.parse(readFileSync(new URL(file, golden), 'utf8'))
    const expected = JSON.parse(readFileSync(new URL(`${name}.trajectory.json`, golden), 'utf8'))
    assert.deepEqual(plain(parse(given)), expected)
  })
}

test('a row without messages is an error on the field messages', () => {
  for (const messages of [null, []]) {
    assert.throws(
      () => parse(row(messages)),
      (error: unknown) => error instanceof RowError && error.field === 'messages',
    )
  }
})

test('a message without a role is an error on its role, and so is a message that is not there', () => {
  const isAt = (field: string) => (error: unknown) => error instanceof RowError && error.field === field
  assert.throws(() => parse(row([user('x'), message(null, 'y')])), isAt('messages[1].role'))
  assert.throws(() => parse(row([user('x'), null as unknown as Message])), isAt('messages[1].role'))
})

test('the first system and user messages are the system prompt and the task; later ones are words of the user', () => {
  const { turns } = parse(row([system('s'), user('t'), system('s2'), agent('a'), user('u')]))
  assert.deepEqual(
    turns.map((turn) => turn.kind),
    ['system_prompt', 'task', 'user', 'agent', 'user'],
  )
})

test('members that are absent altogether read as nothing there', () => {
  const given = { messages: [{ role: 'user' }, { role: 'assistant', tool_calls: [{}] }, { role: 'tool' }] }
  const trajectory = parse(given as unknown as TraceRow)
  assert.deepEqual(
    trajectory.turns.map((turn) => [turn.kind, turn.text]),
    [
      ['task', ''],
      ['agent', ''],
      ['feedback', ''],
    ],
  )
  assert.deepEqual(
    [trajectory.harness, trajectory.end, trajectory.label, trajectory.language, trajectory.teacherModel],
    ['unknown', 'cut_off', 'ungraded', null, null],
  )
  assert.deepEqual(trajectory.finalPatch, { patch: null, from: 'none' })
  assert.equal(trajectory.flags.invalidArguments, 0)
})

test('an empty observation answers its call, and one too many becomes a flagged word of the user', () => {
  const { turns, calls, flags } = parse(row([user('t'), agent('', bash('true')), tool(''), tool('who?')]))
  assert.equal(calls[0]?.answeredBy, 2)
  const orphan = turns[3]
  assert.ok(orphan?.kind === 'user' && orphan.orphanObservation && orphan.text === 'who?')
  assert.equal(flags.orphanObservations, 1)
})

test('a tool message that carries the id of its call answers it', () => {
  const answering = (id: string, content: string): Message =>
    ({ ...tool(content), tool_call_id: id }) as Message
  const { calls } = parse(
    row([
      user('t'),
      agent('', call('bash', {}, 'one'), call('bash', {}, 'two')),
      answering('two', 'second'),
      answering('one', 'first'),
    ]),
  )
  assert.deepEqual(
    calls.map((made) => made.answeredBy),
    [3, 2],
  )
})

test('structured calls keep a row from being read for calls in its text', () => {
  const { calls, callsFromText } = parse(row([user('t'), agent('```bash\nls\n```'), agent('', bash('pwd'))]))
  assert.equal(callsFromText, false)
  assert.deepEqual(
    calls.map((made) => made.arguments),
    ['{"command":"pwd"}'],
  )
})

test('in a row without tool messages the user answers the calls in the text', () => {
  const { turns, callsFromText } = parse(
    row([user('t'), agent('```bash\nls\n```'), user('a'), user('b'), agent('ok')]),
  )
  assert.equal(callsFromText, true)
  assert.deepEqual(
    turns.map((turn) => turn.kind),
    ['task', 'agent', 'feedback', 'user', 'agent'],
  )
})

test('arguments stay byte for byte, and those that are not JSON are counted', () => {
  const texts = ['{"a": "\\ud83d"}', '{oops', 'print(1)', '', ' {"a":1} ']
  const { calls, flags } = parse(row([user('t'), agent('', ...texts.map((text) => call('f', text)))]))
  assert.deepEqual(
    calls.map((made) => made.arguments),
    texts,
  )
  assert.equal(flags.invalidArguments, 2)
})

test('ids that occur more than once are counted once each; empty ids are no ids', () => {
  const ids = ['a', 'a', 'a', 'b', 'b', 'c', '', '']
  const { calls, flags } = parse(row([user('t'), agent('', ...ids.map((id) => call('f', {}, id)))]))
  assert.equal(flags.repeatedIds, 2)
  assert.equal(calls.at(-1)?.id, null)
})

test('an observation that names its call answers that call, whatever the order', () => {
  const asked = agent('', call('bash', {}, 'a'), call('bash', {}, 'b'))
  const answers = ['b', 'a'].map((id) => ({ ...tool(`from ${id}`), tool_call_id: id }))
  const { turns, calls } = parse(row([user('t'), asked, ...answers]))
  assert.deepEqual(
    calls.map(({ id, answeredBy }) => [id, turns[answeredBy!]?.kind === 'feedback' && answeredBy]),
    [
      ['a', 3],
      ['b', 2],
    ],
  )
})

test('a turn has the role that its message was recorded with', () => {
  const fence = agent('```bash\nls\n```')
  const { turns } = parse(row([system('s'), user('t'), system('later'), fence, user('out')]))
  assert.deepEqual(
    turns.map(({ kind, role }) => [kind, role]),
    [
      ['system_prompt', 'system'],
      ['task', 'user'],
      ['user', 'system'],
      ['agent', 'assistant'],
      ['feedback', 'user'],
    ],
  )
})

test("a call in a message that is not the agent's fails the row", () => {
  const stray = { ...user('u'), tool_calls: [bash('ls')] }
  assert.throws(() => parse(row([stray, agent('a')])), /messages\[0\]\.tool_calls is calls of the role user/)
})

test('contents are not read until they are asked for', () => {
  const unread = {
    role: 'tool',
    reasoning_content: null,
    tool_call_id: null,
    tool_calls: null,
    get content(): string {
      throw new Error('read')
    },
  }
  const { turns } = parse(row([user('t'), agent('', call('execute_bash', {})), unread]))
  assert.throws(() => turns[2]?.text, /read/)
})

test('every message is one turn, every tool message is feedback or a flagged orphan, no call is answered twice', () => {
  const text = fc.constantFrom('', 'words', '```bash\nls\n```', '{"returncode": 1, "output": ""}')
  const calls = fc.array(
    fc.record({ id: fc.constantFrom('a', 'b', ''), name: fc.constantFrom('bash', 'submit') }),
    {
      maxLength: 3,
    },
  )
  const messages = fc.array(
    fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'ai'), text, calls }),
    { minLength: 1, maxLength: 20 },
  )
  fc.assert(
    fc.property(messages, (given) => {
      const made = given.map(({ role, text, calls }): Message => {
        const isAgent = role === 'assistant' || role === 'ai'
        const tool_calls = isAgent ? calls.map(({ id, name }) => call(name, {}, id)) : null
        return { role, content: text, reasoning_content: null, tool_call_id: null, tool_calls }
      })
      const trajectory = parse(row(made))
      plain(trajectory)
      assert.equal(trajectory.turns.length, made.length)
      assert.deepEqual(
        trajectory.turns.map((turn) => turn.message),
        made.map((_, index) => index),
      )
      for (const [index, turn] of trajectory.turns.entries()) {
        if (made[index]?.role === 'tool')
          assert.ok(turn.kind === 'feedback' || (turn.kind === 'user' && turn.orphanObservation))
        if (turn.kind === 'feedback') assert.equal(trajectory.calls[turn.call]?.answeredBy, index)
      }
      const answered = trajectory.calls.flatMap((made) => made.answeredBy ?? [])
      assert.equal(new Set(answered).size, answered.length)
      const feedback = trajectory.turns.filter((turn) => turn.kind === 'feedback')
      assert.equal(feedback.length, answered.length)
      const structured = made.reduce((sum, { tool_calls }) => sum + (tool_calls?.length ?? 0), 0)
      if (structured > 0) assert.equal(trajectory.calls.length, structured)
    }),
  )
})

test('a row of a hundred thousand messages is read', () => {
  const messages = Array.from({ length: 50_000 }, () => [agent('', bash('ls')), tool('a')]).flat()
  const trajectory = parse(row([user('t'), ...messages]))
  assert.equal(trajectory.flags.unansweredCalls, 0)
  assert.equal(trajectory.calls.length, 50_000)
})
