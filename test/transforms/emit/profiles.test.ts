import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical } from '../../../transforms/emit/canonical.ts'
import { PROFILES } from '../../../transforms/emit/profiles.ts'
import { trl } from '../../../transforms/emit/trl.ts'
import type { TraceRow } from '../../../transforms/trajectory.ts'
import { agent, bash, call, row, system, tool, user } from '../parse/rows.ts'
import { encode, rowBatch, valueBatch } from './batches.ts'

const definition = '{"type":"function","function":{"name":"bash","parameters":{"type":"object"}}}'

const full = row(
  [
    system('You are careful.'),
    user('Fix “it”.'),
    { ...agent(null, bash('ls\tsrc'), call('view', 'not json')), reasoning_content: 'Look first.' },
    tool('a.py'),
    tool(''),
    { ...agent('Done.', call('submit', '')), reasoning_content: '' },
    tool('diff --git'),
  ],
  {
    trajectory_id: 'id-1',
    instance_id: 'task-1',
    repo: 'a/b',
    license: 'MIT',
    language: 'python',
    resolved: 1,
    tools: [definition, 'not json', null],
    hf_dataset_name: 'made/here',
  },
)

const messages = [
  { role: 'system', content: 'You are careful.' },
  { role: 'user', content: 'Fix “it”.' },
  {
    role: 'assistant',
    content: '',
    reasoning_content: 'Look first.',
    tool_calls: [
      { id: 'call_0', type: 'function', function: { name: 'bash', arguments: { command: 'ls\tsrc' } } },
      { id: 'call_1', type: 'function', function: { name: 'view', arguments: 'not json' } },
    ],
  },
  { role: 'tool', content: 'a.py', tool_call_id: 'call_0', name: 'bash' },
  { role: 'tool', content: '', tool_call_id: 'call_1', name: 'view' },
  {
    role: 'assistant',
    content: 'Done.',
    tool_calls: [{ id: 'call_2', type: 'function', function: { name: 'submit', arguments: {} } }],
  },
]

test('the canonical profile writes messages, tools, provenance and what was cut, in this order', () => {
  const line = encode(canonical, valueBatch([full]))
  const expected = {
    messages,
    tools: [JSON.parse(definition), 'not json'],
    trajectory_id: 'id-1',
    instance_id: 'task-1',
    repo: 'a/b',
    license: 'MIT',
    language: 'python',
    resolved: 1,
    harness: 'sweagent',
    teacher_model: null,
    dataset: 'made/here',
    source_file: 'rows.parquet',
    source_row: 0,
    source_revision: null,
    cut_messages: 1,
  }
  assert.equal(line, `${JSON.stringify(expected)}\n`)
})

test('the trl profile writes tools as a JSON string, and unknown texts as empty ones', () => {
  const { tools, ...rest } = JSON.parse(encode(trl, valueBatch([full])))
  assert.deepEqual(JSON.parse(tools), [JSON.parse(definition), 'not json'])
  assert.deepEqual(rest.messages, messages)
  assert.deepEqual([rest.teacher_model, rest.source_revision], ['', ''])
})

test('a row without tools has an empty list, and for trl the JSON text null', () => {
  const bare = row([user('fix'), agent('ok')], { tools: [] })
  assert.deepEqual(JSON.parse(encode(canonical, valueBatch([bare]))).tools, [])
  assert.equal(JSON.parse(encode(trl, valueBatch([bare]))).tools, 'null')
})

test('columns that steps added stand before the members of the row', () => {
  for (const batch of [valueBatch([full]), rowBatch([full])]) {
    batch.add(0, 'language', 'go')
    batch.add(0, 'trajectory_id', 'derived')
    const { language, trajectory_id } = JSON.parse(encode(canonical, batch))
    assert.deepEqual([language, trajectory_id], ['go', 'derived'])
  }
})

test('a text that a step replaced in its bytes is written in its new form', () => {
  const batch = rowBatch([full])
  batch.replace(batch.text('messages.content'), 1, 'Fix <path>.')
  assert.equal(JSON.parse(encode(canonical, batch)).messages[1].content, 'Fix <path>.')
})

test('messages that a step put beside the row are written instead of its bytes', () => {
  const batch = rowBatch([full], { added: ['messages'] })
  const changed = full.messages!.map((message) => ({ ...message, content: 'changed' }))
  batch.add(0, 'messages', changed)
  assert.equal(JSON.parse(encode(canonical, batch)).messages[0].content, 'changed')
})

const texts = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary' }),
  fc.constant('\u2028 \ud83d\ude00 \0 \\ "'),
)
const conversations = fc.array(
  fc.oneof(
    texts.map((text) => ({ ...tool(''), content: text })),
    texts.map((text) => ({ ...user(''), content: text })),
    fc.record({ text: texts, reasoning: texts, args: texts }).map(({ text, reasoning, args }) => ({
      ...agent(text, call('bash', args ?? '{"command":"ls"}')),
      reasoning_content: reasoning,
    })),
  ),
  { minLength: 1, maxLength: 8 },
)

test('from bytes and from values a row is the same line of valid JSON', () => {
  fc.assert(
    fc.property(fc.array(conversations, { minLength: 1, maxLength: 4 }), (given) => {
      const rows: TraceRow[] = given.map((messages) => row(messages, { tools: [definition] }))
      for (const profile of Object.values(PROFILES)) {
        const lines = encode(profile, rowBatch(rows))
        assert.equal(encode(profile, valueBatch(rows)), lines)
        const read = lines.split('\n')
        assert.equal(read.length, rows.length + 1)
        assert.equal(read.pop(), '')
        read.forEach((line, at) => {
          const written = JSON.parse(line).messages as { content: string }[]
          assert.deepEqual(
            written.map(({ content }) => content),
            rows[at]!.messages!.slice(0, written.length).map(({ content }) => content ?? ''),
          )
        })
      }
    }),
  )
})
