import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { UsageError } from '../../../pipeline/errors.ts'
import { inspectTraces } from '../../../sources/inspect/inspect-traces.ts'
import { readMetadata } from '../../../sources/parquet/file-metadata.ts'
import { openLocalFile } from '../../../sources/parquet/local-file.ts'
import { SAMPLE_DATA } from '../../pipeline/cli/bin.ts'
import { traceRows, writeRows } from '../../pipeline/cli/trace-files.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { writeTraces } from './write-traces.ts'

const { signal } = new AbortController()
const inspect = (...from: string[]) => inspectTraces({ from, limitFiles: null, signal })

describe('inspecting traces', () => {
  test('the sample: labels, languages and models of its leaves, and its two shapes', async () => {
    const { total, leaves, shapes, files, ignored, damaged, traffic } = await inspect(SAMPLE_DATA)
    assert.deepEqual(
      leaves.map(({ leaf, rows, labels }) => [path.relative(SAMPLE_DATA, leaf), rows, labels]),
      [
        ['minisweagent/scripted_v1/small-bugs', 31, { passed: 15, failed: 11, ungraded: 5 }],
        ['openhands/scripted_v1/small-bugs', 35, { passed: 19, failed: 11, ungraded: 5 }],
        ['scripted_v1_sweagent_trajectories', 3, { passed: 0, failed: 3, ungraded: 0 }],
        ['sweagent/scripted_v1/small-bugs', 31, { passed: 20, failed: 7, ungraded: 4 }],
      ],
    )
    assert.deepEqual([total.files, total.rows, total.unread], [4, 100, 0])
    assert.deepEqual(total.labels, { passed: 54, failed: 32, ungraded: 14 })
    assert.deepEqual(total.languages[0], { name: 'cpp', rows: 14, passed: 7 })
    assert.deepEqual(total.teacherModels, [
      { name: 'scripted-v1', rows: 96, passed: 54 },
      { name: null, rows: 4, passed: 0 },
    ])
    assert.deepEqual(
      shapes.map(({ files, missing }) => [files.length, missing]),
      [
        [3, ['messages.tool_call_id', 'model_patch']],
        [1, ['messages.tool_call_id', 'metadata']],
      ],
    )
    const [, old] = shapes
    assert.deepEqual(
      old!.fields.filter(({ field, column }) => field !== column).map(({ column }) => column),
      [
        'trajectory.role',
        'trajectory.content',
        'trajectory.reasoning_content',
        'trajectory.tool_calls.id',
        'trajectory.tool_calls.type',
        'trajectory.tool_calls.function.name',
        'trajectory.tool_calls.function.arguments',
      ],
    )
    assert.deepEqual(
      files.map(({ shape, codecs, rowGroups, pageIndex, checksums }) => [
        shape,
        codecs,
        rowGroups,
        pageIndex,
        checksums,
      ]),
      [0, 0, 1, 0].map((shape) => [shape, ['SNAPPY'], 1, false, false]),
    )
    assert.deepEqual([ignored, damaged, traffic], [[], [], null])
  })

  test('sizes, types and columns that nobody reads come from the footers', async (t) => {
    const folder = await temporaryFolder(t)
    const contents = [1, 2].map(() => randomBytes(30_000).toString('base64'))
    const file = path.join(folder, 'a.parquet')
    const bytes = writeTraces(contents.map((content) => ({ content, language: 'Golang', resolved: 1 })))
    await writeFile(file, bytes)
    const { shapes, files, total } = await inspect(file)
    const [{ fields, missing, unused, mismatches }] = shapes as [(typeof shapes)[0]]
    assert.deepEqual(
      fields.map(({ field, type }) => [field, type]),
      [
        ['language', 'string'],
        ['messages.role', 'string[]'],
        ['messages.content', 'string[]'],
        ['resolved', 'int32'],
      ],
    )
    const content = fields[2]!.bytes!
    assert.ok(content > 80_000 && content < bytes.length)
    assert.deepEqual(
      unused.map(({ column, type }) => [column, type]),
      [['note', 'string']],
    )
    assert.deepEqual(mismatches, [])
    assert.ok(missing.includes('metadata') && missing.includes('messages.tool_calls'))
    assert.deepEqual(total.languages, [{ name: 'go', rows: 2, passed: 2 }])
    assert.equal(files[0]!.bytes, bytes.length)
    assert.ok(files[0]!.uncompressedBytes! > 80_000)
  })

  test('a mixed folder: each file is read, passed over or said to be damaged', async (t) => {
    const folder = await temporaryFolder(t)
    await cp(path.join(SAMPLE_DATA, 'openhands/scripted_v1/small-bugs'), path.join(folder, 'parquet'), {
      recursive: true,
    })
    await writeRows(
      path.join(folder, 'lines/a.jsonl'),
      traceRows(10, { 3: { resolved: 'yes' }, 4: { resolved: -1 } }),
    )
    await writeFile(path.join(folder, 'cut.parquet'), 'PAR1 and nothing more')
    await writeFile(path.join(folder, 'info.json'), '{"features": {}}\n')
    await writeFile(path.join(folder, 'readme.md'), 'words')
    const { total, leaves, shapes, files, ignored, damaged } = await inspect(folder)
    assert.deepEqual(
      leaves.map(({ leaf, rows, unread }) => [path.relative(folder, leaf), rows, unread]),
      [
        ['lines', 10, 1],
        ['parquet', 35, 0],
      ],
    )
    assert.deepEqual(leaves[0]!.labels, { passed: 8, failed: 0, ungraded: 1 })
    assert.match(files[0]!.firstFailure!, /^row 3: resolved: line 4: a number is expected, found a string$/)
    assert.deepEqual(shapes[0]!.mismatches, [
      { field: 'resolved', message: 'a number is expected, found a string' },
    ])
    assert.equal(total.files, 2)
    assert.deepEqual(
      ignored.map(({ file, why }) => [path.basename(file), why.slice(0, 20)]),
      [
        ['info.json', 'it holds no traces: '],
        ['readme.md', 'it is neither Parque'],
      ],
    )
    assert.deepEqual(
      damaged.map(({ file, error, named }) => [path.basename(file), error.includes('cut.parquet'), named]),
      [['cut.parquet', true, false]],
    )
  })

  test('JSON lines are told alike whatever they are compressed with', async (t) => {
    const folder = await temporaryFolder(t)
    const rows = traceRows(5).map((row) => ({ ...row, extra: { a: 1 } }))
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    await writeFile(path.join(folder, 'a.jsonl'), text)
    await writeFile(path.join(folder, 'b.jsonl.gz'), gzipSync(text))
    await writeFile(path.join(folder, 'c.jsonl.zst'), zstdCompressSync(text))
    const { shapes, files, total } = await inspect(folder)
    assert.deepEqual(
      files.map(({ format, rows, codecs, uncompressedBytes }) => [format, rows, codecs, uncompressedBytes]),
      [[], ['gzip'], ['zstd']].map((codecs) => ['jsonl', 5, codecs, text.length]),
    )
    assert.equal(shapes.length, 1)
    assert.deepEqual(shapes[0]!.unused, [{ column: 'extra', type: 'object', bytes: null }])
    assert.deepEqual(total.languages, [
      { name: 'python', rows: 9, passed: 9 },
      { name: 'go', rows: 6, passed: 6 },
    ])
  })

  test('a Parquet column of the wrong type is a mismatch, and rows that need it are not counted', async (t) => {
    const folder = await temporaryFolder(t)
    const bytes = writeTraces([{ content: 'x', language: 'go', resolved: 1 }])
    // Names of one length can be changed for each other in the footer.
    const text = bytes
      .toString('latin1')
      .replaceAll('resolved', 'was_here')
      .replaceAll('language', 'resolved')
    await writeFile(path.join(folder, 'a.parquet'), Buffer.from(text, 'latin1'))
    const { shapes, total, files } = await inspect(folder)
    assert.deepEqual(shapes[0]!.mismatches, [
      { field: 'resolved', message: 'a number is expected, the file has BYTE_ARRAY' },
    ])
    assert.deepEqual([total.rows, total.unread], [1, 1])
    assert.match(files[0]!.firstFailure!, /^row 0: resolved: a number is expected/)
  })

  test('damage in a small column costs the rows of its page, and the file is told of all the same', async (t) => {
    const folder = await temporaryFolder(t)
    const file = path.join(folder, 'a.parquet')
    const traces = Array.from({ length: 6 }, () => ({ content: 'x', language: 'go', resolved: 1 }))
    const bytes = writeTraces(traces, { rowGroupSize: 3 })
    await writeFile(file, bytes)
    const source = openLocalFile(file)
    const { rowGroups } = await readMetadata(source, file)
    await source.close()
    const { start, end } = rowGroups[1]!.chunks[0]!
    await writeFile(file, bytes.fill(0xff, start, end))
    const { total, files, shapes, damaged } = await inspect(folder)
    assert.deepEqual([total.rows, total.unread, total.labels.passed], [6, 3, 3])
    assert.match(files[0]!.firstFailure!, /^row 3: language: /)
    assert.deepEqual([shapes.length, damaged], [1, []])
  })

  test('of names without end the first thousand are kept apart', async (t) => {
    const folder = await temporaryFolder(t)
    const named = (name: string) => ({ metadata: { teacher_model: { name } } })
    const changes = Object.fromEntries(Array.from({ length: 1_100 }, (_, at) => [at, named(`model ${at}`)]))
    await writeRows(
      path.join(folder, 'a.jsonl'),
      traceRows(1_101, { ...changes, 1100: named('x'.repeat(999)) }),
    )
    const { teacherModels } = (await inspect(folder)).total
    assert.equal(teacherModels.length, 1_001)
    assert.deepEqual(teacherModels[0], { name: '(other names)', rows: 101, passed: 101 })
  })

  test('looks at the first files only when told so', async (t) => {
    const folder = await temporaryFolder(t)
    for (const name of ['a', 'b', 'c']) await writeRows(path.join(folder, `${name}.jsonl`), traceRows(2))
    const { total, notLookedAt } = await inspectTraces({ from: [folder], limitFiles: 2, signal })
    assert.deepEqual([total.files, total.rows, notLookedAt], [2, 4, 1])
  })

  test('files of no rows are files like others', async (t) => {
    const folder = await temporaryFolder(t)
    await mkdir(path.join(folder, 'none'))
    await writeFile(path.join(folder, 'none/a.parquet'), writeTraces([]))
    const { total, files } = await inspect(folder)
    assert.deepEqual([total.files, total.rows, files[0]!.checksums], [1, 0, null])
  })

  test('refuses what is no dataset', async () => {
    await assert.rejects(inspect('hf://models/a/b'), UsageError)
  })
})
