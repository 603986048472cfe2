import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { number, struct } from '../../../pipeline/batch/schema.ts'
import type { ByteSource } from '../../../sources/parquet/byte-source.ts'
import { ChunkPages } from '../../../sources/parquet/chunk-pages.ts'
import { readMetadata } from '../../../sources/parquet/file-metadata.ts'
import type { Page } from '../../../sources/parquet/page.ts'
import { parsePageHeader } from '../../../sources/parquet/page-header.ts'
import { RowReader } from '../../../sources/parquet/row-reader.ts'
import { bytesSource, isMark, readRows } from './read-rows.ts'
import { tagsSchema, writeTags } from './write-tags.ts'

describe('a leaf', () => {
  test('that is read later gives all rows of the batch, however many bytes they take', async () => {
    const bytes = readFileSync(join(import.meta.dirname, 'files', 'large-rows.parquet'))
    const { rows, batches } = await readRows(bytesSource(bytes), { schema: tagsSchema, early: ['id'] })
    assert.ok(batches[0]! > 8, 'rows of 26 MB are in the first batch')
    rows.forEach((row, position) => {
      const text =
        position < 8
          ? createHash('md5').update(String(position)).digest('hex').repeat(100_000)
          : String(position)
      assert.ok(!isMark(row) && (row.tags as string[] | null)?.[0] === text, `row ${position} is other`)
    })
  })

  test('looks for no beginning of a page whose codec has none that can be read by itself', async () => {
    const source: ByteSource = {
      size: 1e6,
      read: () => assert.fail('nothing is to be read'),
      close: () => {},
    }
    const bytes = readFileSync(join(import.meta.dirname, 'files', 'large-rows.parquet'))
    const { columns, rowGroups } = await readMetadata(bytesSource(bytes), 'large-rows.parquet')
    const chunk = rowGroups[0]!.chunks[1]!
    assert.equal(chunk.codec, 'ZSTD')
    const header = parsePageHeader(bytes.subarray(chunk.start))!
    const pages = new ChunkPages(chunk, columns[1]!, source, new Memory())
    assert.equal(await pages.peek({ header, bodyAt: chunk.start + header.headerBytes } as Page), null)
  })

  test('has null, not a number near it, where a number is too large', async () => {
    const data = [1n, 2n ** 53n + 1n, 3n]
    const bytes = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'n', data, type: 'INT64' }] }))
    const source = bytesSource(bytes)
    const metadata = await readMetadata(source, 'test.parquet')
    const schema = struct({ n: number() })
    const options = { source, metadata, revision: null, memory: new Memory(), schema, early: [] }
    const reader = new RowReader(options)
    for await (const { columns, failures, release } of reader.read(0, 3, new AbortController().signal)) {
      const { nulls } = columns.numbers.get('n')!
      assert.deepEqual([...nulls.subarray(0, 3)], [0, 1, 0])
      assert.deepEqual(
        failures?.map(({ row, message }) => [row, message]),
        [[1, '9007199254740993 is too large for a number']],
      )
      release()
    }
    reader.close()
  })

  test('takes text that compresses very well for what it is', async () => {
    const text = 'a'.repeat(40_000_000)
    const compressors = { GZIP: (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }) }
    const bytes = writeTags([[text]], { codec: 'GZIP', compressors })
    const { rows } = await readRows(bytesSource(bytes), { schema: tagsSchema })
    const row = rows[0]!
    assert.ok(!isMark(row) && (row.tags as string[])[0] === text)
  })
})
