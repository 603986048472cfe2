import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { writeJsonl } from '../../sinks/jsonl.ts'
import { temporaryDirectory, writeRows } from './drive.ts'
import { PARSED_ROWS } from './trace-rows.ts'

const oneByOne = PARSED_ROWS.map(() => 1)

test('a shard closes at the first end of a bundle at or past its size', async (context) => {
  const whole = await writeRows(
    writeJsonl,
    await temporaryDirectory(context),
    { shardBytes: 1 },
    PARSED_ROWS,
    oneByOne,
  )
  assert.deepEqual(
    whole.map(({ path, rows }) => [path, rows]),
    PARSED_ROWS.map((_, row) => [`data/train-0000${row}.jsonl`, 1]),
  )
  const shardBytes = whole[0]!.bytes + whole[1]!.bytes
  const shards = await writeRows(
    writeJsonl,
    await temporaryDirectory(context),
    { shardBytes },
    PARSED_ROWS,
    oneByOne,
  )
  assert.deepEqual(shards[0], { ...shards[0], path: 'data/train-00000.jsonl', rows: 2, bytes: shardBytes })
  const later = await writeRows(
    writeJsonl,
    await temporaryDirectory(context),
    { shardBytes: shardBytes + 1 },
    PARSED_ROWS,
    oneByOne,
  )
  assert.equal(later[0]!.rows, 3)
})

test('one bundle is never split, however large', async (context) => {
  const receipts = await writeRows(
    writeJsonl,
    await temporaryDirectory(context),
    { shardBytes: 1 },
    PARSED_ROWS,
  )
  assert.deepEqual(
    receipts.map(({ rows }) => rows),
    [PARSED_ROWS.length],
  )
})

test('no rows make no file', async (context) => {
  assert.deepEqual(
    await writeRows(writeJsonl, await temporaryDirectory(context), {}, PARSED_ROWS, [0, 0]),
    [],
  )
})

test('names say directory, prefix and compression', async (context) => {
  for (const [compression, suffix] of [
    ['none', ''],
    ['gzip', '.gz'],
    ['zstd', '.zst'],
  ] as const) {
    const options = { directory: 'a/b', prefix: 'part', compression }
    const [receipt] = await writeRows(writeJsonl, await temporaryDirectory(context), options, PARSED_ROWS)
    assert.equal(receipt!.path, `a/b/part-00000.jsonl${suffix}`)
  }
})

test('a gzip member names neither time nor system', async (context) => {
  const directory = await temporaryDirectory(context)
  await writeRows(writeJsonl, directory, { compression: 'gzip' }, PARSED_ROWS)
  const header = (await readFile(path.join(directory, 'data/train-00000.jsonl.gz'))).subarray(0, 10)
  assert.deepEqual([...header.subarray(4, 8)], [0, 0, 0, 0])
  assert.equal(header[9], 255)
})
