import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { RowBatch } from '../../../pipeline/batch/batch.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import type { Mark } from '../../../pipeline/batch/outcome.ts'
import { boolean, list, number, string, struct } from '../../../pipeline/batch/schema.ts'
import { SourceError } from '../../../pipeline/errors.ts'
import type { Compression } from '../../../sources/files/file-format.ts'
import { LineReader } from '../../../sources/jsonl/line-reader.ts'
import { storedOnDisk } from '../../../sources/jsonl/open-bytes.ts'
import { planLines } from '../../../sources/jsonl/plan-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-lines-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const schema = struct({
  id: string(),
  n: number({ aliases: ['number'] }),
  flag: boolean(),
  tags: list(string()),
  calls: list(struct({ name: string(), arguments: string({ json: true }) })),
})
const layout = { schema, added: [] }
const signal = new AbortController().signal
const nothing = { id: null, n: null, flag: null, tags: null, calls: null }

type Row = Record<string, unknown>

interface Range {
  readonly firstRow: number
  readonly rows: number
}

let files = 0
function file(content: string | Buffer): string {
  const path = join(folder, `${files++}.jsonl`)
  writeFileSync(path, content)
  return path
}

async function read(path: string, compression: Compression = 'none', ranges?: readonly Range[]) {
  const memory = new Memory()
  const spans = await planLines(
    { file: path, compression, stored: storedOnDisk(path) },
    ['id'],
    Number.POSITIVE_INFINITY,
    signal,
  )
  const reader = new LineReader({
    lines: { file: path, compression, stored: storedOnDisk(path) },
    revision: null,
    memory,
    schema,
  })
  const rows: (Row | Mark)[] = []
  for (const range of ranges ?? spans) {
    const start = spans.find(({ firstRow }) => firstRow === range.firstRow)?.start ?? null
    for await (const content of reader.read(range.firstRow, range.rows, start, signal)) {
      const batch = new RowBatch<{ toObject(): Row }>(memory, layout, content)
      for (let row = 0; row < batch.length; row++)
        rows.push(batch.outcomes.of(row) ?? batch.row(row).toObject())
      batch.release()
    }
  }
  await reader.close()
  assert.equal(memory.live, 0, 'everything was given back')
  return { rows, spans }
}

const failed = (field: string, message: string): Mark => ({ verdict: 'failed', step: 'read', field, message })

describe('a file of JSON lines', () => {
  test('may have a mark at its start, line ends of Windows, blank lines and no last line end', async () => {
    const { rows } = await read(file('\ufeff{"id":"a"}\r\n\r\n  \n{"id":"b"}\n{"id":"c"}'))
    assert.deepEqual(
      rows,
      ['a', 'b', 'c'].map((id) => ({ ...nothing, id })),
    )
  })

  test('ends lines at line feeds only, not at U+2028', async () => {
    const { rows } = await read(file('{"id":"a\u2028b\u0085c"}\n'))
    assert.deepEqual(rows, [{ ...nothing, id: 'a\u2028b\u0085c' }])
  })

  test('gives fields by name or alias, and null for what is missing', async () => {
    const { rows } = await read(
      file('{"id":"a","number":2,"flag":true,"tags":["x",null,""],"calls":[{"name":"f"},null]}'),
    )
    const calls = [
      { name: 'f', arguments: null },
      { name: null, arguments: null },
    ]
    assert.deepEqual(rows, [{ id: 'a', n: 2, flag: true, tags: ['x', null, ''], calls }])
  })

  test('reads bytes that are not UTF-8 and lone surrogates as U+FFFD', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"id":"a'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('b\\ud83d"}'),
    ])
    assert.deepEqual((await read(file(bytes))).rows, [{ ...nothing, id: 'a\ufffd\ufffdb\ufffd' }])
  })

  test('makes a failed row of what is not the JSON of a row, naming line and field, and goes on', async () => {
    const lines = [
      '{"id":"first"}',
      '',
      '{"id":',
      '[]',
      'null',
      '{"id":5}',
      '{"n":9007199254740993}',
      '{"n":1e999}',
      '{"id":"kept no part","calls":[{"name":"f"},{"name":[]}]}',
      '{"id":"last","tags":["t"]}',
    ]
    const { rows } = await read(file(lines.join('\n')))
    assert.deepEqual(rows[0], { ...nothing, id: 'first' })
    const marks = rows.slice(1, -1) as Mark[]
    assert.match((marks[0] as { message: string }).message, /^line 3: it is not JSON: /)
    assert.deepEqual(marks.slice(1), [
      failed('', 'line 4: an object is expected, found a list'),
      failed('', 'line 5: an object is expected, found null'),
      failed('id', 'line 6: a string is expected, found a number'),
      failed('n', 'line 7: 9007199254740992 is too large for a number'),
      failed('n', 'line 8: Infinity is too large for a number'),
      failed('calls[1].name', 'line 9: a string is expected, found a list'),
    ])
    assert.deepEqual(rows.at(-1), { ...nothing, id: 'last', tags: ['t'] })
  })

  test('may hold a value where a JSON text belongs, whose numbers stay as they were written', async () => {
    const value = '{"big":12345678901234567890,"float":1.0,"far":1e400,"text":"\\u00e9\\ud83d"}'
    const { rows } = await read(file(`{"id":"a","n":3.0,"calls":[{"name":"f","arguments":${value}}]}`))
    const text = '{"big":12345678901234567890,"float":1.0,"far":1e400,"text":"é\\ud83d"}'
    assert.deepEqual(rows, [{ ...nothing, id: 'a', n: 3, calls: [{ name: 'f', arguments: text }] }])
  })

  test('fails a row whose values are nested deeper than can be written again', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const { rows } = await read(file(`{"id":"a","calls":[{"arguments":${deep}}]}\n{"id":"b"}`))
    assert.equal((rows[0] as Mark).verdict, 'failed')
    assert.deepEqual(rows[1], { ...nothing, id: 'b' })
  })

  test('gives the same rows compressed, also in several members or frames, and from any row on', async () => {
    const row = fc.record({ id: fc.string({ unit: 'binary', maxLength: 30 }), n: fc.integer() })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        async (made, one, other) => {
          const lines = made.map((each) => Buffer.from(`${JSON.stringify(each)}\n`))
          const cut = one % made.length
          const parts = [lines.slice(0, cut), lines.slice(cut)].map((part) => Buffer.concat(part))
          const range = { firstRow: other % made.length, rows: made.length - (other % made.length) }
          const ranges = [range, { firstRow: 0, rows: made.length }, range]
          const plain = await read(file(Buffer.concat(parts)), 'none', ranges)
          assert.deepEqual(
            plain.rows.slice(range.rows, range.rows + made.length).map((each) => (each as Row).n),
            made.map(({ n }) => n),
          )
          const gzip = await read(file(Buffer.concat(parts.map((part) => gzipSync(part)))), 'gzip', ranges)
          const zstd = await read(
            file(Buffer.concat(parts.map((part) => zstdCompressSync(part)))),
            'zstd',
            ranges,
          )
          assert.deepEqual(gzip.rows, plain.rows)
          assert.deepEqual(zstd.rows, plain.rows)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('is cut into bundles of about 16 MiB that are sought by their offset', async () => {
    const line = (id: number): string => `{"id":"${id}","tags":["${'é'.repeat(500_000)}"]}\n`
    const path = file(Array.from({ length: 40 }, (_, id) => line(id)).join(''))
    const { rows, spans } = await read(path)
    assert.deepEqual(
      spans.map((span) => span.rows),
      [17, 17, 6],
    )
    assert.deepEqual(
      rows.map((row) => (row as Row).id),
      Array.from({ length: 40 }, (_, id) => `${id}`),
    )
    const last = await read(path, 'none', [spans[2]!, spans[1]!])
    assert.deepEqual(last.rows, [...rows.slice(34), ...rows.slice(17, 34)])
    const limited = await planLines(
      { file: path, compression: 'none', stored: storedOnDisk(path) },
      ['id'],
      20,
      signal,
    )
    assert.deepEqual(
      limited.map((span) => span.rows),
      [17, 3],
    )
  })

  test('is refused when no row has a needed name, or its compressed data is cut off', async () => {
    const plan = (path: string, compression: Compression) =>
      planLines(
        { file: path, compression, stored: storedOnDisk(path) },
        ['id', 'key'],
        Number.POSITIVE_INFINITY,
        signal,
      )
    await assert.rejects(plan(file('{"a":"\\"id\\""}\n{"b":1}'), 'none'), /has 'id' or 'key'/)
    for (const [compression, compress] of [
      ['gzip', gzipSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const bytes = compress('{"id":"a"}\n'.repeat(1_000))
      await assert.rejects(plan(file(bytes.subarray(0, bytes.length - 9)), compression), SourceError)
    }
    const trailing = Buffer.concat([zstdCompressSync('{"id":"a"}\n'), Buffer.from('and so on')])
    await assert.rejects(plan(file(trailing), 'zstd'), SourceError)
  })
})
