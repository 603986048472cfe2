import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { writeJsonl } from '../../sinks/jsonl.ts'
import { writeParquet } from '../../sinks/parquet.ts'
import type { ParsedRow } from '../../transforms/emit/conversation.ts'
import { PROFILE_NAMES } from '../../transforms/emit/profiles.ts'
import { parseTrajectory } from '../../transforms/parse/parse-trajectory.ts'
import { pythonWith } from '../support/python.ts'
import { readNested } from '../support/read-parquet.ts'
import { agent, bash, call, row, system, tool, user } from '../transforms/parse/rows.ts'
import { temporaryDirectory, writeRows } from './drive.ts'
import { PARSED_ROWS } from './trace-rows.ts'

const python = pythonWith('pyarrow')

const READ = `
import json, sys
import pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1], page_checksum_verification=True)
groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
chunks = [group.column(at) for group in groups for at in range(group.num_columns)]
print(json.dumps({
    "schema": str(file.metadata.schema).split("\\n", 1)[1],
    "rows": file.read().to_pylist(),
    "groups": [group.num_rows for group in groups],
    "codecs": sorted({chunk.compression for chunk in chunks}),
    "indexed": sum(chunk.has_offset_index for chunk in chunks),
    "sizes": [[chunk.total_compressed_size, chunk.total_uncompressed_size] for chunk in chunks],
    "nulls": sum(chunk.statistics.null_count for chunk in chunks),
}))`

/** Calls of every kind, and rows large enough for several pages and row groups. */
const ROWS: readonly ParsedRow[] = [
  ...PARSED_ROWS,
  ...[
    row([user('u'), agent('nothing called')], { tools: ['{"type":"function"}', 'no JSON'] }),
    row([
      system('s'),
      { ...agent('', bash('ls'), call('edit', 'not JSON'), call('view', '{"n":12345678901234567890123}')) },
      tool('a'),
      tool('b'),
      { ...agent('ok'), reasoning_content: 'because 😀 \u0000' },
    ]),
    row([user('u'), agent('', bash('cat')), tool('x'.repeat(3 << 20)), agent('long')]),
  ].map((trace) => ({ ...trace, trajectory: parseTrajectory(trace, { path: 'rows.parquet' }) })),
]

const onePerBundle = ROWS.map(() => 1)

/** What the rows are as lines of JSON. */
async function lines(
  directory: string,
  profile: (typeof PROFILE_NAMES)[number],
): Promise<Record<string, unknown>[]> {
  const [receipt] = await writeRows(writeJsonl, directory, { profile }, ROWS)
  const text = await readFile(path.join(directory, receipt!.path), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Without members that are null, in any depth. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  )
}

/** Texts of JSON, as pyarrow gives them, as what they stand for. */
function parseJsonMembers(record: Record<string, unknown>): Record<string, unknown> {
  const { messages, tools } = record as {
    messages: { tool_calls: { function: { arguments: string } }[] | null }[]
    tools: string | string[]
  }
  return {
    ...record,
    tools: typeof tools === 'string' ? tools : tools.map((text) => JSON.parse(text)),
    messages: messages.map((message) => ({
      ...message,
      tool_calls:
        message.tool_calls?.map((made) => ({
          ...made,
          function: { ...made.function, arguments: JSON.parse(made.function.arguments) },
        })) ?? null,
    })),
  }
}

for (const profile of PROFILE_NAMES) {
  test(`hyparquet reads records of ${profile} that say what the lines say`, async (context) => {
    const directory = await temporaryDirectory(context)
    const [receipt] = await writeRows(writeParquet, directory, { profile }, ROWS, onePerBundle)
    const records = await readNested(path.join(directory, receipt!.path))
    assert.deepEqual(records.map(withoutNulls), (await lines(directory, profile)).map(withoutNulls))
  })

  for (const compression of ['none', 'gzip', 'zstd'] as const)
    test(`pyarrow reads records of ${profile}, ${compression}, that say what the lines say`, {
      skip: python.skip,
    }, async (context) => {
      if (python.skip !== false) return
      const directory = await temporaryDirectory(context)
      const options = { profile, compression }
      const [receipt] = await writeRows(writeParquet, directory, options, ROWS, onePerBundle)
      const read = JSON.parse(python.run(READ, path.join(directory, receipt!.path)))
      assert.deepEqual(
        read.rows.map(parseJsonMembers).map(withoutNulls),
        (await lines(directory, profile)).map(withoutNulls),
      )
      assert.deepEqual(read.codecs, [{ none: 'UNCOMPRESSED', gzip: 'GZIP', zstd: 'ZSTD' }[compression]])
    })
}

test('lists, texts and JSON have the types that the format prescribes', {
  skip: python.skip,
}, async (context) => {
  if (python.skip !== false) return
  const directory = await temporaryDirectory(context)
  const [receipt] = await writeRows(writeParquet, directory, {}, ROWS)
  const { schema } = JSON.parse(python.run(READ, path.join(directory, receipt!.path)))
  assert.equal(
    schema.slice(0, schema.indexOf('  optional binary field_id=-1 trajectory_id')),
    `required group field_id=-1 schema {
  optional group field_id=-1 messages (List) {
    repeated group field_id=-1 list {
      optional group field_id=-1 element {
        optional binary field_id=-1 role (String);
        optional binary field_id=-1 content (String);
        optional binary field_id=-1 reasoning_content (String);
        optional group field_id=-1 tool_calls (List) {
          repeated group field_id=-1 list {
            optional group field_id=-1 element {
              optional binary field_id=-1 id (String);
              optional binary field_id=-1 type (String);
              optional group field_id=-1 function {
                optional binary field_id=-1 name (String);
                optional binary field_id=-1 arguments (JSON);
              }
            }
          }
        }
        optional binary field_id=-1 tool_call_id (String);
        optional binary field_id=-1 name (String);
      }
    }
  }
  optional group field_id=-1 tools (List) {
    repeated group field_id=-1 list {
      optional binary field_id=-1 element (JSON);
    }
  }
`,
  )
})

test('row groups are gathered from bundles, and pages are indexed', {
  skip: python.skip,
}, async (context) => {
  if (python.skip !== false) return
  const directory = await temporaryDirectory(context)
  const large = Array.from({ length: 30 }, () => ROWS.at(-1)!)
  const sizes = large.map(() => 1)
  const [receipt] = await writeRows(writeParquet, directory, {}, large, sizes)
  const {
    rows,
    groups,
    indexed,
    sizes: bytes,
  } = JSON.parse(python.run(READ, path.join(directory, receipt!.path)))
  assert.equal(rows.length, large.length)
  // 64 MiB of 3 MiB a row
  assert.deepEqual(groups, [22, 8])
  assert.ok(indexed > 0)
  const [compressed, plain] = bytes.reduce(
    ([one, two]: number[], [more, most]: number[]) => [one! + more!, two! + most!],
    [0, 0],
  )
  assert.ok(plain > 90 << 20 && compressed < plain / 100)
})

test('a shard closes at the first end of a bundle at or past its size', async (context) => {
  const receipts = await writeRows(
    writeParquet,
    await temporaryDirectory(context),
    { shardBytes: 1 },
    PARSED_ROWS,
    PARSED_ROWS.map(() => 1),
  )
  assert.deepEqual(
    receipts.map((receipt) => [receipt.path, receipt.rows]),
    PARSED_ROWS.map((_, number) => [`data/train-0000${number}.parquet`, 1]),
  )
})

test('no rows make no file', async (context) => {
  const directory = await temporaryDirectory(context)
  assert.deepEqual(await writeRows(writeParquet, directory, {}, PARSED_ROWS, [0, 0]), [])
})
