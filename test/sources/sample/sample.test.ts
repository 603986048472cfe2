import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parquetMetadata } from 'hyparquet'
import type { OldRow } from '../../../sources/sample/record/layout.ts'
import type { Message, Row } from '../../../sources/sample/record/row.ts'
import { sampleDirectory } from '../../../sources/sample/sample.ts'
import { readRows } from './read-rows.ts'

const folder = fileURLToPath(sampleDirectory)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.parquet'))
  .sort()
  .map((name) => ({
    name: name.replaceAll('\\', '/'),
    bytes: new Uint8Array(readFileSync(`${folder}/${name}`)).buffer,
  }))

const current = await Promise.all(
  files
    .filter(({ name }) => !name.includes('_trajectories/'))
    .map(async ({ name, bytes }) => ({ harness: name.split('/')[0]!, rows: await readRows<Row>(bytes) })),
)
const rows = current.flatMap((leaf) => leaf.rows)
const messages: Message[] = rows.flatMap((row) => row.messages)
const observations = messages.filter(({ role }) => role === 'tool').map(({ content }) => content ?? '')
const calls = messages.flatMap(({ tool_calls }) => tool_calls ?? [])

test('the sample holds at least sixty runs in under three megabytes', () => {
  assert.ok(rows.length >= 60)
  assert.ok(files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) < 3_000_000)
})

test('one file has the older layout', async () => {
  const [old, ...others] = files.filter(({ name }) => name.includes('_trajectories/'))
  assert.deepEqual(others, [])
  const oldRows = await readRows<OldRow>(old!.bytes)
  assert.ok(oldRows.length > 0)
  assert.ok(
    oldRows.every(
      ({ trajectory, model_patch }) => trajectory.length > 5 && model_patch.startsWith('diff --git '),
    ),
  )
})

test('it holds runs of three harnesses in at least five languages with every label', () => {
  assert.deepEqual(
    current.map(({ harness }) => harness),
    ['minisweagent', 'openhands', 'sweagent'],
  )
  for (const { harness, rows } of current) {
    const labels = new Set(rows.map(({ resolved }) => resolved))
    for (const label of [1, 0, -1]) assert.ok(labels.has(label), `${harness} has no row labelled ${label}`)
  }
  assert.deepEqual(
    [...new Set(rows.map(({ language }) => language))].sort(),
    'c c++ cpp go java javascript js python rust ts typescript'.split(' '),
  )
})

test('no two rows are the same run', () => {
  const ids = rows.map(({ trajectory_id }) => trajectory_id).filter((id) => id !== null)
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(rows.length - ids.length, 1, 'one row lacks its id')
  assert.ok(ids.every((id) => id.length === 36))
  const texts = rows.map((row) => JSON.stringify(row.messages, (key, value) => (key === 'id' ? '' : value)))
  assert.equal(new Set(texts).size, texts.length)
})

test('a file is one row group of Snappy pages of version 1 without a page index', () => {
  for (const { name, bytes } of files) {
    const { row_groups } = parquetMetadata(bytes)
    assert.equal(row_groups.length, 1, name)
    for (const { meta_data, column_index_offset, offset_index_offset } of row_groups[0]!.columns) {
      assert.equal(meta_data?.codec, 'SNAPPY')
      assert.equal(column_index_offset ?? offset_index_offset, undefined)
      const pages = meta_data.encoding_stats?.map(({ page_type }) => page_type) ?? []
      assert.ok(pages.length > 0 && pages.every((type) => type !== 'DATA_PAGE_V2'), name)
    }
  }
})

test('the leaves are those of the real set', () => {
  const leaves = (name: string): string[] => {
    const { bytes } = files.find((file) => file.name.startsWith(name))!
    return parquetMetadata(bytes).row_groups[0]!.columns.map(({ meta_data }) =>
      meta_data!.path_in_schema.join('.'),
    )
  }
  const patch = ['patch', 'num_modified_files', 'num_modified_lines']
  const message = [
    'role',
    'content',
    'reasoning_content',
    ...['function.arguments', 'function.name', 'id', 'type'].map((leaf) => `tool_calls.list.element.${leaf}`),
  ]
  assert.deepEqual(leaves('openhands/'), [
    'instance_id',
    'repo',
    'license',
    'language',
    'trajectory_id',
    ...message.map((leaf) => `messages.list.element.${leaf}`),
    'tools.list.element',
    'resolved',
    'metadata.category',
    ...['name', 'enable_thinking', 'reasoning_effort'].map((leaf) => `metadata.teacher_model.${leaf}`),
    ...patch.map((leaf) => `metadata.reference_patch.${leaf}`),
    ...patch.map((leaf) => `metadata.model_patch.${leaf}`),
    'hf_dataset_name',
  ])
  assert.deepEqual(leaves('scripted_v1_sweagent_trajectories/'), [
    'trajectory_id',
    'instance_id',
    'repo',
    'license',
    ...message.map((leaf) => `trajectory.list.element.${leaf}`),
    'tools.list.element',
    'model_patch',
    'resolved',
    'language',
    'hf_dataset_name',
  ])
})

test('the hostile rows are there', () => {
  const some = (what: string, holds: boolean): void => assert.ok(holds, what)
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  const texts = calls.map((call) => call.function.arguments)
  some(
    'arguments that are no JSON',
    texts.some((text) => !parses(text)),
  )
  some(
    'half a surrogate pair in arguments',
    texts.some((text) => parses(text) && !String(JSON.parse(text).command).isWellFormed()),
  )
  some(
    'colours',
    observations.some((text) => text.includes('\u001b[3')),
  )
  some(
    'CR LF',
    observations.some((text) => text.includes('\r\n')),
  )
  some(
    'U+FFFD',
    observations.some((text) => text.includes('\ufffd')),
  )
  some(
    'a long observation',
    observations.some((text) => text.length > 149_000),
  )
  some(
    'empty ids',
    calls.some(({ id }) => id === ''),
  )
  some(
    'null ids',
    calls.some(({ id }) => id === null),
  )
  some(
    'parallel calls',
    messages.some(({ tool_calls }) => (tool_calls?.length ?? 0) > 1),
  )
  some(
    'calls in fences only',
    rows.some(({ messages }) => messages.every(({ tool_calls }) => !tool_calls?.length)),
  )
  some(
    'null content',
    messages.some(({ content }) => content === null),
  )
  some(
    'null lists',
    messages.some(({ tool_calls }) => tool_calls === null),
  )
  some(
    'no label',
    rows.some(({ resolved }) => resolved === null),
  )
  some(
    'no patch',
    rows.some(({ metadata }) => metadata.model_patch?.patch === null),
  )
  some(
    'an empty patch',
    rows.some(({ metadata }) => metadata.model_patch?.patch === ''),
  )
  some(
    'no teacher',
    rows.some(({ metadata }) => metadata.teacher_model === null),
  )
  const unanswered = rows.filter(({ messages }) => messages.at(-1)?.tool_calls?.length)
  some('unanswered last calls', unanswered.length > 20)
})

test('nothing in it names the machine it was recorded on', () => {
  const text = JSON.stringify(rows)
  for (const trace of ['/home/', '/work/', '/root/', 'sluice-sample-', '.pyenv', '.cargo/'])
    assert.ok(!text.includes(trace), trace)
})
