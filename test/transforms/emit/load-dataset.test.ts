import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { writeJsonl } from '../../../sinks/jsonl.ts'
import { writeParquet } from '../../../sinks/parquet.ts'
import type { ParsedRow } from '../../../transforms/emit/conversation.ts'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import type { TraceRow } from '../../../transforms/trajectory.ts'
import { temporaryDirectory, writeRows } from '../../sinks/drive.ts'
import { pythonWith } from '../../support/python.ts'
import { agent, bash, call, row, system, tool, user } from '../parse/rows.ts'

const python = pythonWith('datasets')
const loadDataset = readFileSync(new URL('load-dataset.py', import.meta.url), 'utf8')

interface LoadedRow {
  readonly messages: readonly {
    readonly role: string
    readonly content: string
    readonly reasoning_content?: string
    readonly tool_calls?: readonly {
      readonly function: { readonly name: string; readonly arguments: unknown }
    }[]
  }[]
  readonly tools: readonly unknown[] | null
  readonly license: string
}

const parsed = (trace: TraceRow): ParsedRow => ({
  ...trace,
  trajectory: parseTrajectory(trace, { path: 'rows.parquet' }),
})

/** Writes rows in the trl profile, one a bundle, and loads them as the trainer does. */
async function throughLoader(
  directory: string,
  rows: readonly ParsedRow[],
  {
    sink = writeJsonl,
    ...options
  }: { sink?: (typeof FORMS)[number]['sink']; compression?: 'gzip' | 'zstd' } = {},
): Promise<LoadedRow[]> {
  if (python.skip !== false) throw new Error(python.skip)
  const sizes = rows.map(() => 1)
  const receipts = await writeRows(sink, directory, { profile: 'trl', ...options }, rows, sizes)
  const files = receipts.map((receipt) => path.join(directory, receipt.path))
  return python
    .run(loadDataset, ...files)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Holds what was loaded to the rows as they were recorded. */
function assertCarried(loaded: readonly LoadedRow[], rows: readonly ParsedRow[]): void {
  assert.equal(loaded.length, rows.length)
  loaded.forEach(({ messages }, at) => {
    messages.forEach((message, index) => {
      const recorded = rows[at]!.messages![index]!
      assert.equal(message.content, recorded.content ?? '')
      assert.equal(message.reasoning_content ?? '', recorded.reasoning_content ?? '')
      assert.deepEqual(
        message.tool_calls?.map((made) => [made.function.name, made.function.arguments]) ?? [],
        recorded.tool_calls?.map((made) => [made.function.name, argumentsOf(made.function.arguments)]) ?? [],
      )
    })
    assert.equal(messages.at(-1)!.role, 'assistant')
  })
}

/** Recorded arguments as a trainer should see them. */
function argumentsOf(text: string | null): unknown {
  try {
    const value = JSON.parse(text || '{}')
    return typeof value === 'object' && !Array.isArray(value) && value !== null ? value : text
  } catch {
    return text
  }
}

const definition = (name: string, parameters: object) =>
  JSON.stringify({ type: 'function', function: { name, parameters } })

const FORMS = [
  { name: 'JSON Lines', sink: writeJsonl },
  { name: 'Parquet', sink: writeParquet },
]

/** More than the 10 MB by which the loader types columns. */
const LONG = 'x'.repeat(11 << 20)

for (const { name, sink } of FORMS) {
  test(`argument keys, tools and provenance survive ${name} whatever the first rows look like`, {
    skip: python.skip,
  }, async (context) => {
    const first = parsed(
      row(
        [
          system('s'),
          user('u'),
          agent('', bash('ls')),
          tool(LONG),
          agent('', bash('pwd')),
          tool('/'),
          agent('ok'),
        ],
        {
          tools: [definition('bash', { properties: { command: { type: 'string' } } })],
        },
      ),
    )
    const later = parsed(
      row(
        [user('u'), { ...agent('', call('edit', { path: 'a', lines: [1, 2] })), reasoning_content: 'why' }],
        {
          license: 'MIT',
          tools: [definition('edit', { required: ['path'], properties: { path: { enum: ['a'] } } })],
        },
      ),
    )
    const bare = parsed(row([user('u'), agent('no tools')]))
    const rows = [first, first, later, bare]
    const loaded = await throughLoader(await temporaryDirectory(context), rows, { sink })
    assertCarried(loaded, rows)
    assert.deepEqual(
      loaded.map(({ tools }) => tools),
      rows.map(({ tools }) => tools?.map((tool) => JSON.parse(tool!)) ?? null),
    )
    assert.deepEqual(
      loaded.map(({ license }) => license),
      ['', '', 'MIT', ''],
    )
  })

  test(`arguments that the loader would change arrive through ${name} as they were recorded`, {
    skip: python.skip,
  }, async (context) => {
    const recorded = [
      '{"n":123456789012345678901234567890}',
      '{"text":"half \\ud83d"}',
      `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
      'ls -la',
      '["a"]',
    ]
    const calls = recorded.map((text) => call('run', text))
    const rows = [parsed(row([user('u'), agent('', bash('ls'), ...calls, call('view', { path: 'a' }))]))]
    const [loaded] = await throughLoader(await temporaryDirectory(context), rows, { sink })
    assert.deepEqual(
      loaded!.messages[1]!.tool_calls!.map((made) => made.function.arguments),
      [{ command: 'ls' }, ...recorded, { path: 'a' }],
    )
  })
}

test('the pieces of compressed files are all read', { skip: python.skip }, async (context) => {
  const rows = ['one', 'two', 'three'].map((name) => parsed(row([user(name), agent('ok', bash(name))])))
  for (const compression of ['gzip', 'zstd'] as const)
    assertCarried(await throughLoader(await temporaryDirectory(context), rows, { compression }), rows)
})

const SHARED = path.resolve(import.meta.dirname, '../../../../shared/data/open-swe-shape')
const absent = existsSync(SHARED) ? false : `${path.relative('.', SHARED)} is not there`

for (const { name, sink } of FORMS)
  test(`real trajectories load as they were recorded, from ${name}`, {
    skip: absent || python.skip,
  }, async (context) => {
    const rows: ParsedRow[] = []
    for await (const file of glob('**/*.parquet', { cwd: SHARED })) {
      const { buffer } = Uint8Array.from(await readFile(path.join(SHARED, file)))
      for (const trace of await parquetReadObjects({ file: buffer }))
        rows.push(parsed(trace as unknown as TraceRow))
    }
    assert.ok(rows.length > 0)
    assertCarried(await throughLoader(await temporaryDirectory(context), rows, { sink }), rows)
  })
