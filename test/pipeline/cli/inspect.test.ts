import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { drawInspection } from '../../../pipeline/cli/draw-inspection.ts'
import { columnsOf } from '../../../pipeline/cli/safe-text.ts'
import { openScreen } from '../../../pipeline/cli/screen.ts'
import type { Inspection } from '../../../sources/inspect/inspection.ts'
import { writeTraces } from '../../sources/inspect/write-traces.ts'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { SAMPLE_DATA, sluice } from './bin.ts'
import { traceRows, writeRows } from './trace-files.ts'

const TOKEN = 'hf_thisisthecanary'
const DATASET = 'nvidia/Open-SWE-Traces'

const amount = z.number().int().nonnegative()
const named = z.array(z.strictObject({ name: z.string().nullable(), rows: amount, passed: amount }))
const counts = {
  files: amount,
  rows: amount,
  bytes: amount,
  uncompressedBytes: amount,
  labels: z.strictObject({ passed: amount, failed: amount, ungraded: amount }),
  languages: named,
  teacherModels: named,
  unread: amount,
}
const column = { column: z.string(), type: z.string(), bytes: amount.nullable() }
const format = z.enum(['parquet', 'jsonl'])
const reason = z.strictObject({ file: z.string(), why: z.string() })

/** What `--json` promises. */
const inspectionSchema: z.ZodType<Inspection> = z.strictObject({
  from: z.array(z.string()),
  datasets: z.array(z.strictObject({ repository: z.string(), commit: z.string().regex(/^[0-9a-f]{40}$/) })),
  total: z.strictObject(counts),
  leaves: z.array(z.strictObject({ leaf: z.string(), ...counts })),
  shapes: z.array(
    z.strictObject({
      files: z.array(z.string()).min(1),
      bytes: amount,
      format,
      fields: z.array(z.strictObject({ field: z.string(), ...column })),
      missing: z.array(z.string()),
      mismatches: z.array(z.strictObject({ field: z.string(), message: z.string() })),
      unused: z.array(z.strictObject(column)),
    }),
  ),
  files: z.array(
    z.strictObject({
      file: z.string(),
      format,
      bytes: amount,
      rows: amount.nullable(),
      uncompressedBytes: amount.nullable(),
      codecs: z.array(z.string()),
      rowGroups: amount.nullable(),
      pageIndex: z.boolean().nullable(),
      checksums: z.boolean().nullable(),
      shape: amount.nullable(),
      firstFailure: z.string().nullable(),
      notCounted: z.string().nullable(),
    }),
  ),
  ignored: z.array(reason),
  damaged: z.array(z.strictObject({ file: z.string(), error: z.string(), named: z.boolean() })),
  notLookedAt: amount,
  traffic: z.strictObject({ requests: amount, bytes: amount }).nullable(),
})

const parse = (stdout: string): Inspection => inspectionSchema.parse(JSON.parse(stdout))

/** Parquet, JSON lines under a hostile name, what is neither, and a damaged file. */
async function mixedFolder(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  await cp(SAMPLE_DATA, path.join(folder, 'sample'), { recursive: true })
  await writeRows(
    path.join(folder, 'lines/evil\x1b[31m\u202e.jsonl'),
    traceRows(4, { 1: { resolved: 'yes' } }),
  )
  await writeFile(path.join(folder, 'cut.parquet'), 'PAR1 and nothing more')
  await writeFile(path.join(folder, 'readme.md'), 'words')
  return folder
}

describe('sluice inspect', () => {
  test('shows what the sample holds', async (t) => {
    const cwd = await temporaryFolder(t)
    const { code, stdout, stderr } = await sluice(['inspect', SAMPLE_DATA], { cwd })
    assert.equal(code, 0, stderr)
    assert.equal(stderr, '')
    assert.match(stdout, /^ {2}4 files, 100 rows, 327 kB \(992 kB uncompressed\)$/m)
    assert.match(stdout, /^ {2}Parquet, snappy, 4 row groups, no page index, no checksums$/m)
    assert.match(stdout, /^ {2}openhands\/scripted_v1\/small-bugs +1 +35 +115 kB +19 +11 +5$/m)
    assert.match(stdout, /^ {4}cpp 5, go 5, java 5, /m)
    assert.match(stdout, /^ {2}go +13 +13 % +\S+ +7 +54 %$/m)
    assert.match(stdout, /^ {2}Columns 1 of 2: 3 files of Parquet, as minisweagent\//m)
    assert.match(stdout, /^ {2}messages\.content +string\[\] +145 kB +47 %/m)
    assert.match(stdout, /^ {2}renamed +messages is called trajectory$/m)
    assert.doesNotMatch(stdout, /Hub|Passed over|Can't/)
  })

  test('prints one object for programs, of the shape that is promised', async (t) => {
    const cwd = await mixedFolder(t)
    const { code, stdout } = await sluice(['inspect', '.', '--json'], { cwd })
    assert.equal(code, 0)
    assert.equal(stdout.trimEnd().split('\n').length, 1)
    const { from, total, files, ignored, damaged, traffic, datasets } = parse(stdout)
    assert.deepEqual([from, total.files, total.rows, total.unread], [['.'], 5, 104, 1])
    assert.ok(files.some(({ file }) => file.includes('evil\x1b[31m\u202e.jsonl')))
    assert.deepEqual([ignored.length, damaged.length, traffic, datasets.length], [1, 1, null, 0])
  })

  test('names of files stay text, in words and in JSON', async (t) => {
    const cwd = await mixedFolder(t)
    for (const flags of [[], ['--json']]) {
      const { stdout, stderr } = await sluice(['inspect', '.', ...flags], { cwd })
      assert.ok(stdout.includes('evil'))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    }
  })

  for (const room of [60, 80, 100, 120, 200])
    test(`fits ${room} columns`, async (t) => {
      const cwd = await mixedFolder(t)
      const { stdout } = await sluice(['inspect', '.', '--json'], { cwd })
      const { paint } = openScreen(process.stdout)
      const text = stripVTControlCharacters(drawInspection(parse(stdout), { room, paint }))
      for (const line of text.split('\n')) assert.ok(columnsOf(line) <= room, line)
      assert.match(text, /With rows that can't be read: 1 file\n.*evil.*\n? *row 1: resolved: line 2: /)
      assert.match(text, /and a run would stop there: 1 file\n.*cut\.parquet/)
      assert.match(text, /Passed over: 1 file\n.*readme\.md/)
    })

  test('a file that is asked for by itself must be readable, and of a folder some file', async (t) => {
    const cwd = await mixedFolder(t)
    const cut = await sluice(['inspect', 'sample', 'cut.parquet'], { cwd })
    assert.equal(cut.code, 3)
    assert.match(cut.stdout, /^ {2}4 files, 100 rows/m)
    assert.match(cut.stderr, /cut\.parquet can't be read as Parquet/)
    const words = await sluice(['inspect', 'readme.md'], { cwd })
    assert.equal(words.code, 3)
    assert.match(words.stderr, /readme\.md can't be read: it is neither Parquet nor JSON lines/)
    await mkdir(path.join(cwd, 'none'))
    await writeFile(path.join(cwd, 'none/words.txt'), 'words')
    const none = await sluice(['inspect', 'none'], { cwd })
    assert.equal(none.code, 3)
    assert.match(none.stderr, /none holds no Parquet or JSONL file with traces; 1 passed over/)
    assert.equal((await sluice(['inspect', 'nowhere'], { cwd })).code, 3)
  })

  test('refuses flags and limits that are none', async (t) => {
    const cwd = await temporaryFolder(t)
    for (const args of [
      [],
      [SAMPLE_DATA, '--limit-files', '0'],
      [SAMPLE_DATA, '--jsn'],
      ['hf://spaces/a/b'],
    ]) {
      const { code, stderr } = await sluice(['inspect', ...args], { cwd })
      assert.equal(code, 2, stderr)
    }
    const { stdout } = await sluice(['inspect', SAMPLE_DATA, '--limit-files', '1'], { cwd })
    assert.match(stdout, /3 more files not looked at/)
  })
})

describe('sluice inspect, on the Hub', () => {
  const ROW_GROUPS = 3

  /** A dataset of two large files, one of JSON lines and a readme. */
  async function openHub(t: TestContext) {
    const folder = await temporaryFolder(t)
    const dataset = path.join(folder, 'dataset')
    for (const leaf of ['openhands', 'sweagent']) {
      const traces = Array.from({ length: 12 }, (_, row) => ({
        language: row % 2 ? 'Python' : 'Golang',
        resolved: (row % 3) - 1,
        content: randomBytes(300_000).toString('base64'),
      }))
      await mkdir(path.join(dataset, 'data', leaf), { recursive: true })
      const bytes = writeTraces(traces, { rowGroupSize: 12 / ROW_GROUPS })
      await writeFile(path.join(dataset, 'data', leaf, 'train.parquet'), bytes)
    }
    await writeRows(path.join(dataset, 'more/a.jsonl'), traceRows(4))
    await writeFile(path.join(dataset, 'README.md'), 'words')
    const hub = await FakeHub.start({ datasets: { [DATASET]: { main: dataset } }, token: TOKEN })
    t.after(() => hub.close())
    const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'home'), HF_TOKEN: TOKEN }
    const run = (...args: string[]) => sluice(['inspect', ...args], { cwd: folder, env })
    return { hub, run }
  }

  test('takes some kilobytes a file, at one commit, and says what it took', async (t) => {
    const { hub, run } = await openHub(t)
    const { code, stdout, stderr } = await run(`hf://datasets/${DATASET}/data`, '--json')
    assert.equal(code, 0, stderr)
    const { total, datasets, files, traffic, leaves } = parse(stdout)
    assert.deepEqual(datasets, [{ repository: DATASET, commit: hub.commit(DATASET) }])
    assert.deepEqual([total.rows, total.labels], [24, { passed: 8, failed: 8, ungraded: 8 }])
    assert.deepEqual(total.languages, [
      { name: 'go', rows: 12, passed: 4 },
      { name: 'python', rows: 12, passed: 4 },
    ])
    assert.equal(leaves[0]!.leaf, `hf://datasets/${DATASET}@${hub.commit(DATASET)}/data/openhands`)
    assert.deepEqual(
      files.map(({ rowGroups }) => rowGroups),
      [ROW_GROUPS, ROW_GROUPS],
    )
    assert.ok(total.bytes > 6_000_000)
    assert.ok(traffic!.bytes < 200_000, `${traffic!.bytes} bytes`)
    assert.equal(traffic!.requests, hub.seen.length)
    // For each file its footer, and the columns before and behind the messages of each row group.
    const cdn = hub.seen.filter(({ on }) => on === 'cdn').length
    assert.equal(cdn, 2 * (1 + 1 + ROW_GROUPS))
    assert.equal(hub.seen.filter(({ on }) => on === 'resolve').length, 2)
  })

  test('counts no rows of JSON lines there, and says so', async (t) => {
    const { run } = await openHub(t)
    const { code, stdout } = await run(`hf://datasets/${DATASET}@main`)
    assert.equal(code, 0)
    assert.match(stdout, /^ {2}3 files, at least 24 rows, \d/m)
    assert.match(stdout, new RegExp(`^ {2}${DATASET} at commit [0-9a-f]{40}$`, 'm'))
    assert.match(stdout, /^ {2}Not counted: 1 file\n {4}more\/a\.jsonl +rows are not counted/m)
    assert.match(stdout, /^ {2}Passed over: 1 file\n {4}README\.md/m)
    assert.match(stdout, /^ {2}From the Hub: \d+ requests, \d+ kB of [\d.]+ MB \(\d %\)$/m)
  })

  test('the token goes to the Hub alone and is in nothing that is said', async (t) => {
    const { hub, run } = await openHub(t)
    const good = await run(`hf://datasets/${DATASET}`, '--json')
    hub.faults.add({ kind: 'status', status: 403, on: 'resolve', times: 1000 })
    const refused = await run(`hf://datasets/${DATASET}/data`)
    assert.equal(refused.code, 3)
    assert.match(refused.stdout, /Can't be read/)
    assert.ok(hub.seen.some(({ on, authorization }) => on === 'api' && authorization !== null))
    assert.ok(hub.seen.every(({ on, authorization }) => on !== 'cdn' || authorization === null))
    for (const { stdout, stderr } of [good, refused])
      assert.ok(!(stdout + stderr).includes(TOKEN) && !(stdout + stderr).includes('Signature='))
  })
})
