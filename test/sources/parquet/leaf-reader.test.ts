import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { number, struct } from '../../../pipeline/batch/schema.ts'
import type { ByteSource } from '../../../sources/parquet/byte-source.ts'
import { ChunkPages } from '../../../sources/parquet/chunk-pages.ts'
import { readMetadata } from '../../../sources/parquet/file-metadata.ts'
import { decodeLevels } from '../../../sources/parquet/levels.ts'
import type { Page } from '../../../sources/parquet/page.ts'
import { type DataHeader, parsePageHeader } from '../../../sources/parquet/page-header.ts'
import { RowReader } from '../../../sources/parquet/row-reader.ts'
import { seeded } from '../../transforms/tokens/fuzz-texts.ts'
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
    const chunk = { ...rowGroups[0]!.chunks[1]!, codec: 'BROTLI' as const }
    const header = parsePageHeader(bytes.subarray(chunk.start))!
    const pages = new ChunkPages(chunk, columns[1]!, source, new Memory())
    assert.equal(await pages.peek({ header, bodyAt: chunk.start + header.headerBytes } as Page), null)
  })

  test('finds the levels in the beginning of a page, as they are in the whole', async () => {
    const bytes = readFileSync(join(import.meta.dirname, 'files', 'large-rows.parquet'))
    const { columns, rowGroups } = await readMetadata(bytesSource(bytes), 'large-rows.parquet')
    const plain = rowGroups[0]!.chunks[1]!
    const column = columns[1]!
    const memory = new Memory()
    const random = seeded(7)
    const recompress = { ZSTD: zstdCompressSync, GZIP: gzipSync } as const
    for (const codec of ['ZSTD', 'GZIP'] as const) {
      const header = parsePageHeader(bytes.subarray(plain.start))!
      assert.equal(header.kind, 'v1')
      const bodyAt = plain.start + header.headerBytes
      const levels = zstdDecompressSync(bytes.subarray(bodyAt, bodyAt + header.compressedBytes))
      // Bytes that don't compress follow the levels: what is read shows how much was needed.
      const noise = Buffer.from(Uint8Array.from({ length: 1 << 20 }, () => random(256)))
      const body = recompress[codec](Buffer.concat([levels.subarray(0, 4096), noise]))
      let read = 0
      const source: ByteSource = {
        size: body.length,
        read: (offset, length) => {
          read += length
          return body.subarray(offset, offset + length)
        },
        close: () => {},
      }
      const chunk = { ...plain, codec, start: 0, end: body.length }
      const page = {
        header: {
          ...header,
          crc: null,
          compressedBytes: body.length,
          uncompressedBytes: 4096 + noise.length,
        },
        bodyAt: 0,
      }
      const found = await new ChunkPages(chunk, column, source, memory).peek(page as Page)
      const size = levels.readUInt32LE(0)
      const expected = decodeLevels(levels, 4, 4 + size, column.maxRepetition, (header as DataHeader).values)
      assert.deepEqual(found, expected)
      assert.ok(read < body.length / 2, `${codec}: ${read} of ${body.length} bytes were read`)
    }
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
