import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { RowBatch } from '../../pipeline/batch/batch.ts'
import { Memory } from '../../pipeline/batch/memory.ts'
import { StaleRowError } from '../../pipeline/batch/row.ts'
import { project } from '../../pipeline/batch/schema.ts'
import { SourceError } from '../../pipeline/errors.ts'
import type { SourcePlan } from '../../pipeline/graph/source.ts'
import { readTraces } from '../../sources/read-traces.ts'
import { traceSchema } from '../../transforms/trace-schema.ts'
import type { TraceRow } from '../../transforms/trajectory.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-traces-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const shared = join(import.meta.dirname, '../../../shared/data/open-swe-shape')
const golden = join(import.meta.dirname, 'parquet/golden')
const python = process.env.SLUICE_PYTHON ?? 'python3'
const signal = new AbortController().signal
const layout = { schema: traceSchema, added: [] }
const planning = { layout, spool: join(folder, 'spool'), signal }

const trace = (id: number): string =>
  JSON.stringify({
    trajectory_id: `t${id}`,
    trajectory: [{ role: 'user', content: 'x'.repeat(100_000) }],
    resolved: id % 2,
  })

function jsonl(name: string, first: number, count: number): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, Array.from({ length: count }, (_, at) => `${trace(first + at)}\n`).join(''))
  return path
}

const open = (...from: string[]) => readTraces.definition.open({ from, verifyWhole: false })

async function readAll(plan: SourcePlan, source: ReturnType<typeof open>, early: string[] = []) {
  const memory = new Memory()
  const rows: TraceRow[] = []
  for (const bundle of plan.bundles)
    for await (const batch of source.read(bundle, { memory, layout, early }, signal)) {
      const lazy = batch as RowBatch<TraceRow & { toObject(): TraceRow }>
      lazy.judged()
      await lazy.load()
      for (let row = 0; row < lazy.length; row++) rows.push(lazy.row(row).toObject())
      lazy.release()
    }
  await source.close()
  assert.equal(memory.live, 0)
  return rows
}

describe('readTraces', () => {
  test('plans files in path order with bundles numbered through, and reads them in turn', async () => {
    jsonl('set/b.jsonl', 300, 10)
    jsonl('set/a.jsonl', 0, 300)
    writeFileSync(join(folder, 'set/readme.md'), 'words')
    writeFileSync(join(folder, 'set/empty.jsonl'), '')
    const source = open(join(folder, 'set'))
    const plan = await source.plan({ limit: null, ...planning })
    assert.deepEqual(
      plan.bundles.map(({ index, firstRow, rows }) => [index, firstRow, rows]),
      [
        [0, 0, 168],
        [1, 168, 132],
        [2, 0, 10],
      ],
    )
    assert.deepEqual(
      plan.files.map(({ rows, format }) => [rows, format]),
      [
        [300, 'jsonl'],
        [10, 'jsonl'],
      ],
    )
    assert.deepEqual(
      plan.ignored.map(({ why }) => why),
      ['it is empty', 'it is neither Parquet nor JSON lines'],
    )
    const rows = await readAll(plan, source)
    assert.deepEqual(
      rows.map(({ trajectory_id }) => trajectory_id),
      Array.from({ length: 310 }, (_, id) => `t${id}`),
    )
    assert.equal(rows[7]!.messages![0]!.role, 'user')
    assert.equal(rows[7]!.resolved, 1)
    assert.equal(rows[7]!.metadata.model_patch.patch, null)
  })

  test('stops at the limit: the last bundle is cut, and later files are not opened', async () => {
    const first = jsonl('limit/a.jsonl', 0, 300)
    const broken = join(folder, 'limit/z.parquet')
    writeFileSync(broken, 'PAR1 and nothing more')
    const plan = await open(first, broken).plan({ limit: 170, ...planning })
    assert.deepEqual(
      plan.bundles.map(({ rows }) => rows),
      [168, 2],
    )
    assert.deepEqual(
      plan.files.map(({ rows }) => rows),
      [170],
    )
    await assert.rejects(open(first, broken).plan({ limit: 301, ...planning }), SourceError)
  })

  test('names the columns when a Parquet file holds no traces, and the files when there is nothing to read', async () => {
    const other = join(golden, 'crossing-pages.parquet')
    await assert.rejects(open(other).plan({ limit: null, ...planning }), (error: Error) => {
      assert.ok(error instanceof SourceError)
      assert.match(error.message, /'messages' or 'trajectory'.*found id, language, resolved/)
      return true
    })
    const words = join(folder, 'words.txt')
    writeFileSync(words, 'words')
    await assert.rejects(
      open(words).plan({ limit: null, ...planning }),
      /words\.txt can't be read: it is neither Parquet nor JSON lines/,
    )
  })

  test('passes over files in a folder that hold something else, and refuses them when they are named', async () => {
    const mixed = join(folder, 'mixed')
    mkdirSync(mixed)
    copyFileSync(join(golden, 'crossing-pages.parquet'), join(mixed, 'other.parquet'))
    writeFileSync(join(mixed, 'info.json'), '{"features": {}}\n')
    copyFileSync(jsonl('mixed.jsonl', 0, 2), join(mixed, 'traces.jsonl'))
    const plan = await open(mixed).plan({ limit: null, ...planning })
    assert.deepEqual(
      plan.files.map(({ rows }) => rows),
      [2],
    )
    assert.deepEqual(
      plan.ignored.map(({ why }) => why.slice(0, 22)),
      ['it holds no traces: no', 'it holds no traces: a '],
    )
    await assert.rejects(open(join(mixed, 'info.json')).plan({ limit: null, ...planning }), SourceError)
  })

  test('hands out rows that can not be read once their batch is released', async () => {
    const source = open(jsonl('stale.jsonl', 0, 2))
    const { bundles } = await source.plan({ limit: null, ...planning })
    for await (const batch of source.read(bundles[0]!, { memory: new Memory(), layout, early: [] }, signal)) {
      const row = batch.row(0)
      const message = row.messages![0]!
      ;(batch as RowBatch<TraceRow>).release()
      assert.throws(() => row.trajectory_id, StaleRowError)
      assert.throws(() => message.role, StaleRowError)
    }
    await source.close()
  })

  test('stops reading when the run is cancelled', async () => {
    const source = open(jsonl('cancelled.jsonl', 0, 300))
    const { bundles } = await source.plan({ limit: null, ...planning })
    const run = new AbortController()
    await assert.rejects(async () => {
      for await (const batch of source.read(
        bundles[0]!,
        { memory: new Memory(), layout, early: [] },
        run.signal,
      )) {
        ;(batch as RowBatch<TraceRow>).release()
        run.abort(new Error('cancelled'))
      }
    }, /cancelled/)
    await source.close()
  })

  test('reads every trace of open-swe-shape as pyarrow does, in one phase and in two', async (t) => {
    if (!existsSync(shared)) {
      t.skip('../shared/data/open-swe-shape is not there')
      return
    }
    const source = open(shared)
    const plan = await source.plan({ limit: null, ...planning })
    const script = join(import.meta.dirname, 'print_traces.py')
    const files = plan.files.map(({ file }) => file)
    const { status, stdout } = spawnSync(python, [script, ...files], { encoding: 'utf8', maxBuffer: 1 << 30 })
    if (status !== 0) {
      t.skip(`${python} with pyarrow is needed: set SLUICE_PYTHON`)
      return
    }
    const expected = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as TraceRow)
    assert.equal(expected.length, 75)
    assert.deepEqual(await readAll(plan, source), expected)
    assert.deepEqual(await readAll(plan, source, ['resolved', 'language', 'license']), expected)
  })

  test('reads only what the layout holds', async (t) => {
    if (!existsSync(shared)) {
      t.skip('../shared/data/open-swe-shape is not there')
      return
    }
    const copy = join(folder, 'narrow.parquet')
    copyFileSync(join(shared, 'data/openhands/llama4_maverick/scale-swe/train-00000-of-00001.parquet'), copy)
    const source = open(copy)
    const { bundles } = await source.plan({ limit: null, ...planning })
    const schema = project(traceSchema, ['resolved', 'messages.role'])
    const memory = new Memory()
    for await (const batch of source.read(
      bundles[0]!,
      { memory, layout: { schema, added: [] }, early: [] },
      signal,
    )) {
      const row = (batch as RowBatch<TraceRow & { toObject(): object }>).row(0).toObject()
      assert.deepEqual(Object.keys(row), ['messages', 'resolved'])
      assert.ok(memory.live < 100_000, 'the contents of messages were not loaded')
      ;(batch as RowBatch<TraceRow>).release()
    }
    await source.close()
  })
})
