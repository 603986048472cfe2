import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { string, struct } from '../../../pipeline/batch/schema.ts'
import { SourceError } from '../../../pipeline/errors.ts'
import { readMetadata } from '../../../sources/parquet/file-metadata.ts'
import { type DataHeader, parsePageHeader } from '../../../sources/parquet/page-header.ts'
import { Random } from '../../support/random.ts'
import { bytesSource, isMark, type ReadRow, readRows, testSchema } from './read-rows.ts'
import { writeTags } from './write-tags.ts'

const MUTATIONS = 300
/** a mutation that makes reading loop or allocate without end shows here */
const MAX_MS = 5_000

const golden = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'golden', `${name}.parquet`))
const expectedOf = (name: string): ReadRow[] =>
  readFileSync(join(import.meta.dirname, 'golden', `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ReadRow)

function mutated(original: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(original)
  for (let left = 1 + random.below(3); left > 0; left--) bytes[random.below(bytes.length)] = random.below(256)
  return random.next() < 0.1 ? bytes.subarray(0, random.below(bytes.length)) : bytes
}

interface Tally {
  refused: number
  failedRows: number
  /** rows that read otherwise than they were written, with nothing to tell */
  otherRows: number
}

async function readMutations(name: string, seed: number): Promise<Tally> {
  const original = golden(name)
  const expected = expectedOf(name)
  const random = new Random(seed)
  const memory = new Memory()
  const tally = { refused: 0, failedRows: 0, otherRows: 0 }
  for (let at = 0; at < MUTATIONS; at++) {
    const bytes = mutated(original, random)
    const started = performance.now()
    try {
      const { rows, leaked } = await readRows(bytesSource(bytes), { memory })
      assert.equal(leaked, 0, `mutation ${at} leaks`)
      rows.forEach((row, position) => {
        if (isMark(row)) tally.failedRows++
        else if (!isDeepStrictEqual(row, expected[position])) tally.otherRows++
      })
    } catch (error) {
      if (!(error instanceof SourceError)) throw new Error(`mutation ${at} of ${name}`, { cause: error })
      tally.refused++
    }
    assert.ok(performance.now() - started < MAX_MS, `mutation ${at} takes too long`)
  }
  return tally
}

describe('a damaged file', () => {
  for (const name of ['crossing-pages', 'dictionary-fallback', 'version-2-checksums', 'page-index'])
    test(`neither hangs nor crashes the reader: ${MUTATIONS} mutations of ${name}`, async (t) => {
      const tally = await readMutations(name, 20_261_122)
      t.diagnostic(JSON.stringify(tally))
      assert.ok(tally.refused > 0 && tally.failedRows > 0)
    })

  for (const name of ['version-1-checksums', 'plain-checksums', 'version-2-checksums'])
    for (const [field, column] of [
      ['language', 'language'],
      ['tags', 'tags.list.element'],
    ] as const)
      test(`never gives a row otherwise than it was written, whatever byte of ${field} in ${name} is wrong`, async () => {
        const original = golden(name)
        const { columns, rowGroups } = await readMetadata(bytesSource(original), name)
        const chunkAt = columns.findIndex(({ path }) => path.join('.') === column)
        const { start, end } = rowGroups[0]!.chunks[chunkAt]!
        // The id is read first, so that the field of some rows is passed over.
        const schema = struct({ id: string(), [field]: testSchema.fields[field]! })
        const memory = new Memory()
        const { rows: expected } = await readRows(bytesSource(original), { schema, memory })
        const half = expected.length >> 1
        const ways = [
          { from: 0, options: {} },
          { from: half, options: { ranges: [{ firstRow: half, rows: expected.length - half }] } },
          { from: 0, options: { early: ['id'], drop: (row: number) => row < half } },
        ]
        const inHeaders = headerBytes(original, start, end)
        let failed = 0
        for (let at = start; at < end; at++)
          for (let bit = 0; bit < 8; bit++) {
            if (!inHeaders.has(at) && bit !== at % 8) continue
            const bytes = Buffer.from(original)
            bytes[at]! ^= 1 << bit
            for (const { from, options } of ways) {
              const { rows, leaked } = await readRows(bytesSource(bytes), { schema, memory, ...options })
              assert.equal(leaked, 0)
              rows.forEach((row, position) => {
                if (isMark(row)) failed += row.verdict === 'failed' ? 1 : 0
                else assert.deepEqual(row, expected[from + position], `bit ${bit} of byte ${at - start}`)
              })
            }
          }
        assert.ok(failed > 0)
      })

  test('is not believed how many rows a damaged page has when the headers do not come to the rows of the column', async () => {
    const name = 'crossing-pages'
    const bytes = golden(name)
    const { columns, rowGroups } = await readMetadata(bytesSource(bytes), name)
    const column = columns.findIndex(({ path }) => path[0] === 'language')
    const { start } = rowGroups[0]!.chunks[column]!
    const { header } = firstDataPage(bytes, start)
    const valuesAt = bytes.indexOf(Buffer.from([0x2c, 0x15, header.values * 2]), start) + 2
    assert.equal(parsePageHeader(bytes.subarray(start))!.headerBytes, header.headerBytes)
    bytes[valuesAt] = (header.values - 1) * 2
    const { rows } = await readRows(bytesSource(bytes), { schema: struct({ language: string() }) })
    assert.ok(rows.every(isMark), 'rows would move up')
  })

  test('has no page passed over because its type is none that is known', async () => {
    const name = 'crossing-pages'
    const original = golden(name)
    const { columns, rowGroups } = await readMetadata(bytesSource(original), name)
    const column = columns.findIndex(({ path }) => path[0] === 'language')
    const { start } = rowGroups[0]!.chunks[column]!
    assert.deepEqual([...original.subarray(start, start + 2)], [0x15, 0], 'the type of the page comes first')
    for (const type of [1, 7]) {
      const bytes = Buffer.from(original)
      bytes[start + 1] = type * 2
      const { rows } = await readRows(bytesSource(bytes), { schema: struct({ language: string() }) })
      for (const row of rows)
        assert.ok(isMark(row) && row.verdict === 'failed' && /type . does not go/.test(row.message))
    }
  })

  test('is refused with the name of its codec when that is not supported', async () => {
    const bytes = writeTags([['a']], { codec: 'LZO', compressors: { LZO: (input) => input } })
    await assert.rejects(readMetadata(bytesSource(bytes), 'some.parquet'), (error) => {
      assert.ok(error instanceof SourceError)
      assert.match(error.message, /^some\.parquet can't be read: its column id is compressed with LZO/)
      return true
    })
  })

  test('loses only the rows of the damaged page where the others can still be found', async () => {
    const name = 'version-2-checksums'
    const bytes = golden(name)
    const expected = expectedOf(name)
    const { columns, rowGroups } = await readMetadata(bytesSource(bytes), name)
    const column = columns.findIndex(({ path }) => path.join('.') === 'turns.list.element.text')
    const { start } = rowGroups[0]!.chunks[column]!
    const page = firstDataPage(bytes, start)
    bytes[page.bodyAt + page.header.compressedBytes - 1]! ^= 1
    const { rows } = await readRows(bytesSource(bytes))
    const failed = rows.flatMap((row, position) => (isMark(row) ? [position] : []))
    assert.ok(page.header.kind === 'v2' && page.header.rows < expected.length)
    assert.deepEqual(
      failed,
      Array.from({ length: page.header.rows }, (_, row) => row),
    )
    assert.deepEqual(rows.slice(failed.length), expected.slice(failed.length))
    const mark = rows[0]!
    assert.ok(isMark(mark) && mark.verdict === 'failed')
    assert.equal(mark.field, 'turns.text')
    assert.match(mark.message, /checksum/)
  })

  test('is refused, by name and with what to do, when its end is missing or lies', async () => {
    const bytes = golden('crossing-pages')
    const refused = async (damaged: Buffer, message: RegExp): Promise<void> => {
      await assert.rejects(readMetadata(bytesSource(damaged), 'some.parquet'), (error) => {
        assert.ok(error instanceof SourceError)
        assert.match(error.message, /^some\.parquet can't be read as Parquet/)
        assert.match(error.message, message)
        return true
      })
    }
    await refused(bytes.subarray(0, bytes.length - 100), /cut off/)
    await refused(bytes.subarray(0, 6), /only 6 bytes/)
    const long = Buffer.from(bytes)
    long.writeUInt32LE(0xfffffff0, bytes.length - 8)
    await refused(long, /declares a footer of 4294967280 bytes/)
    const encrypted = Buffer.from(bytes)
    encrypted.write('PARE', bytes.length - 4)
    await refused(encrypted, /encrypted/)
    // An integer without end would keep a parser busy for a time that grows with the square of its length.
    const footer = Buffer.alloc(1 << 20, 0xff)
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(footer.length)
    tail.write('PAR1', 4)
    await refused(Buffer.concat([Buffer.from('PAR1'), footer, tail]), /damaged/)
  })

  test('gets no memory for what a page only declares', async () => {
    const bytes = golden('crossing-pages')
    const { rowGroups, columns } = await readMetadata(bytesSource(bytes), 'some.parquet')
    const column = columns.findIndex(({ path }) => path[0] === 'language')
    const { start } = rowGroups[0]!.chunks[column]!
    const { header } = firstDataPage(bytes, start)
    assert.equal(bytes[start], 0x15, 'the type of the page comes first')
    assert.equal(bytes[start + 2], 0x15, 'then its size: a varint of two bytes')
    assert.ok(header.uncompressedBytes >= 64 && header.uncompressedBytes < 8192)
    bytes[start + 3] = 0xfe
    bytes[start + 4] = 0x7f
    const memory = new Memory()
    const size = memory.bytes.length
    const { rows } = await readRows(bytesSource(bytes), { memory })
    assert.equal(memory.bytes.length, size)
    assert.ok(rows.some(isMark))
  })
})

/** Offsets of the bytes of page headers in a chunk. */
function headerBytes(bytes: Buffer, start: number, end: number): Set<number> {
  const offsets = new Set<number>()
  for (let at = start; at < end; ) {
    const { headerBytes, compressedBytes } = parsePageHeader(bytes.subarray(at))!
    for (let offset = at; offset < at + headerBytes; offset++) offsets.add(offset)
    at += headerBytes + compressedBytes
  }
  return offsets
}

function firstDataPage(bytes: Buffer, start: number): { header: DataHeader; bodyAt: number } {
  for (let at = start; ; ) {
    const header = parsePageHeader(bytes.subarray(at))!
    const bodyAt = at + header.headerBytes
    if (header.kind === 'v1' || header.kind === 'v2') return { header, bodyAt }
    at = bodyAt + header.compressedBytes
  }
}
