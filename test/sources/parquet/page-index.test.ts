import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { list, string, struct } from '../../../pipeline/batch/schema.ts'
import {
  type ByteRange,
  type ColumnChunk,
  type FileMetadata,
  readMetadata,
} from '../../../sources/parquet/file-metadata.ts'
import { readPageLevels } from '../../../sources/parquet/page-levels.ts'
import { locationsOf, type PageLocation, writeHistograms, writeOffsetIndex } from './offset-index.ts'
import { bytesSource, isMark, type ReadResult, readRows } from './read-rows.ts'

const original = readFileSync(join(import.meta.dirname, 'golden', 'page-index.parquet'))
const textOnly = struct({ turns: list(struct({ text: string() })) })
const { columns, rowGroups, rows: total } = await readMetadata(bytesSource(original), 'page-index')
const textAt = columns.findIndex(({ path }) => path.join('.') === 'turns.list.element.text')
const textPages = locationsOf(original, rowGroups[0]!.chunks[textAt]!)
const { rows: expected } = await readRows(bytesSource(original))
const { rows: expectedTexts } = await readRows(bytesSource(original), { schema: textOnly })

const from = (firstRow: number): { ranges: [{ firstRow: number; rows: number }] } => ({
  ranges: [{ firstRow, rows: total - firstRow }],
})

type Lie = (pages: readonly PageLocation[]) => readonly PageLocation[]

/** What the column index counts: what is so, nothing, or the same lie. */
type Counts = 'right' | 'none' | 'lying'

/** What `readRows` takes for the file with the offset indexes of its nested columns replaced. */
async function lying(lie: Lie, counts: Counts) {
  const parts: Buffer[] = [original]
  let end = original.length
  const append = (bytes: Buffer): ByteRange => {
    parts.push(bytes)
    end += bytes.length
    return { offset: end - bytes.length, length: bytes.length }
  }
  const chunks: ColumnChunk[] = []
  for (const [at, chunk] of rowGroups[0]!.chunks.entries()) {
    const column = columns[at]!
    if (column.maxRepetition === 0) {
      chunks.push(chunk)
      continue
    }
    const pages = lie(locationsOf(original, chunk))
    const offsetIndex = append(writeOffsetIndex(pages))
    const levels = (await readPageLevels(chunk, column, bytesSource(original)))!
    const told = pages.flatMap(({ firstRow }, page) => {
      const rows = (pages[page + 1]?.firstRow ?? total) - firstRow
      const values = (levels[page + 1]?.valuesBefore ?? 0) - (levels[page]?.valuesBefore ?? 0)
      return [rows, values - rows, ...new Array<number>(column.maxRepetition - 1).fill(0)]
    })
    const columnIndex = {
      right: () => chunk.columnIndex,
      none: () => null,
      lying: () => append(writeHistograms(told)),
    }
    chunks.push({ ...chunk, offsetIndex, columnIndex: columnIndex[counts]() })
  }
  // The footer is where it was: the new indexes follow the file.
  const source = { ...bytesSource(Buffer.concat(parts)), size: original.length }
  const edit = (metadata: FileMetadata): FileMetadata => ({
    ...metadata,
    rowGroups: [{ ...metadata.rowGroups[0]!, chunks }],
  })
  return { source, edit }
}

const shifted = (pages: readonly PageLocation[], at: number, by: number): PageLocation[] =>
  pages.map((page, index) => (index === at ? { ...page, firstRow: page.firstRow + by } : page))

const STRETCH = 'has a stretch of first rows late'

const lies: Record<string, Lie> = {
  'has two offsets swapped': (pages) =>
    pages.map((page, at) => ({ ...page, offset: pages[at ^ 1]?.offset ?? page.offset })),
  'has two pages swapped': (pages) => pages.map((page, at) => pages[at ^ 1] ?? page),
  'has all first rows but the first one row late': (pages) =>
    pages.map((page, at) => (at === 0 ? page : { ...page, firstRow: page.firstRow + 1 })),
  'has all first rows but the first one row early': (pages) =>
    pages.map((page, at) => (at === 0 ? page : { ...page, firstRow: page.firstRow - 1 })),
  'has all first rows late': (pages) => pages.map((page) => ({ ...page, firstRow: page.firstRow + 1 })),
  'has one first row late': (pages) => shifted(pages, pages.length >> 1, 1),
  'has one first row early': (pages) => shifted(pages, pages.length >> 1, -1),
  [STRETCH]: (pages) =>
    pages.map((page, at) =>
      at === 1 || at === 2 || at === 3 ? { ...page, firstRow: page.firstRow + 1 } : page,
    ),
  'misses its second page': (pages) => pages.toSpliced(1, 1),
  'misses its first page': (pages) => pages.slice(1),
  'misses its last page': (pages) => pages.slice(0, -1),
  'has its pages as one': (pages) => [
    { offset: pages[0]!.offset, bytes: pages.reduce((sum, { bytes }) => sum + bytes, 0), firstRow: 0 },
  ],
  'hides a page behind the one before': (pages) =>
    pages
      .map((page, at) => (at === 1 ? { ...page, bytes: page.bytes + (pages[2]?.bytes ?? 0) } : page))
      .toSpliced(2, 1),
  'has pages where none begin': (pages) =>
    pages.map((page, at) => ({
      ...page,
      offset: at === 0 ? page.offset : page.offset + 3,
      bytes: page.bytes + (at === 0 ? 3 : 0) - (at === pages.length - 1 ? 3 : 0),
    })),
  'has pages of no bytes': (pages) => pages.map((page) => ({ ...page, bytes: 0 })),
  'has pages outside of its column': (pages) => pages.map((page) => ({ ...page, offset: page.offset + 1e9 })),
  'has negative numbers': (pages) =>
    pages.map(({ offset, firstRow }) => ({ offset, bytes: -1, firstRow: -firstRow })),
  'has numbers too large to count with': (pages) => pages.map((page) => ({ ...page, firstRow: 2 ** 60 })),
  'has no pages': () => [],
}

/** Every row is as it was written or a failure; how many fail. */
function failures({ rows, leaked }: ReadResult, firstRow: number, of: ReadResult['rows'] = expected): number {
  assert.equal(leaked, 0)
  for (const [at, row] of rows.entries())
    if (!isMark(row)) assert.deepEqual(row, of[firstRow + at], `row ${firstRow + at}`)
  return rows.filter(isMark).length
}

describe('a page index', () => {
  test('leads to the page of a row, and the pages before are not looked at', async () => {
    for (const [target, { offset, firstRow }] of textPages.entries()) {
      const bytes = Buffer.from(original)
      // The first page's header is read: what it is tells whether an index is of use.
      if (target > 1) bytes.fill(0, textPages[1]!.offset, offset)
      const read = await readRows(bytesSource(bytes), { schema: textOnly, ...from(firstRow) })
      assert.equal(failures(read, firstRow, expectedTexts), 0, `page ${target}`)
    }
    assert.ok(textPages.length > 3)
  })

  test('is not read by who reads from the start to the end', async () => {
    const whole = bytesSource(original)
    const indexes = rowGroups[0]!.chunks.flatMap(({ offsetIndex }) => offsetIndex ?? [])
    const edit = (metadata: FileMetadata): FileMetadata => {
      read.length = 0
      return metadata
    }
    const read: number[] = []
    const source = {
      ...whole,
      read: (offset: number, length: number) => {
        read.push(offset)
        return whole.read(offset, length)
      },
    }
    for (const early of [[], ['id'], ['turns.role']]) {
      assert.equal(failures(await readRows(source, { edit, early }), 0), 0)
      assert.ok(read.every((at) => indexes.every(({ offset }) => at !== offset)))
    }
  })

  test('leads over pages without a row that is wanted, and back to the walk where it is not there', async () => {
    for (const kept of [[29], [0, 29], [3, 17], [12, 13, 28], [7, 8, 9, 22]]) {
      const drop = (row: number): boolean => !kept.includes(row)
      for (const counts of ['right', 'none'] as const) {
        const { source, edit } = await lying((pages) => pages, counts)
        const read = await readRows(source, { edit, early: ['id'], drop })
        assert.deepEqual(
          read.rows.filter((row) => !isMark(row)),
          kept.map((row) => expected[row]),
        )
        assert.equal(read.leaked, 0)
      }
    }
  })

  for (const [name, lie] of Object.entries(lies))
    for (const counts of ['right', 'none', 'lying'] as const) {
      // Two indexes that agree in where they go wrong and where they get right again show it only there.
      if (name === STRETCH && counts === 'lying') continue
      test(`that ${name} gives no other rows, its column index ${counts}`, async () => {
        const { source, edit } = await lying(lie, counts)
        for (const row of [1, 3, 8, 12, 13, 19, 24, 29]) {
          assert.equal(failures(await readRows(source, { edit, ...from(row) }), row), 0, `from row ${row}`)
          const ranges = [{ firstRow: row, rows: 1 }]
          const alone = await readRows(source, { edit, schema: textOnly, ranges })
          assert.equal(failures(alone, row, expectedTexts), 0, `row ${row} of one leaf`)
          const drop = (at: number): boolean => at < row
          failures(await readRows(source, { edit, early: ['id'], drop }), 0)
        }
      })
    }

  test('that is cut off, or is no index, is none', async () => {
    for (const cut of [0, 1, 2, 9]) {
      const chunks = rowGroups[0]!.chunks.map((chunk) => {
        const { offset, length } = chunk.offsetIndex!
        return { ...chunk, offsetIndex: { offset: offset + (cut % 3), length: Math.max(1, length - cut) } }
      })
      const edit = (metadata: FileMetadata): FileMetadata => ({
        ...metadata,
        rowGroups: [{ ...metadata.rowGroups[0]!, chunks }],
      })
      for (const row of [3, 15, 29])
        assert.equal(failures(await readRows(bytesSource(original), { edit, ...from(row) }), row), 0)
    }
  })

  test('that says what is not so of pages gives no other rows where the column index counts them', async () => {
    const change = fc.record({ at: fc.nat(20), to: fc.nat(20), by: fc.integer({ min: -3, max: 3 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.nat(total - 1),
        async (changes, row) => {
          const lie: Lie = (pages) =>
            pages.map((page, index) => {
              const by = changes.reduce(
                (sum, { at, to, by }) => sum + (index >= at && index <= to ? by : 0),
                0,
              )
              return { ...page, firstRow: page.firstRow + by }
            })
          const { source, edit } = await lying(lie, 'right')
          assert.equal(failures(await readRows(source, { edit, ...from(row) }), row), 0)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('that proves wrong after rows were found by it costs the rows that follow, and says so', async () => {
    const at = textPages.length - 2
    const { source, edit } = await lying(
      (pages) => (pages.length === textPages.length ? shifted(pages, at, 1) : pages),
      'lying',
    )
    const firstRow = textPages[1]!.firstRow
    const ranges = Array.from({ length: total - firstRow }, (_, row) => ({
      firstRow: firstRow + row,
      rows: 1,
    }))
    const read = await readRows(source, { edit, schema: textOnly, ranges })
    assert.ok(failures(read, firstRow, expectedTexts) > 0)
    assert.ok(!isMark(read.rows[0]!))
    for (const row of read.rows)
      if (isMark(row))
        assert.ok(row.verdict === 'failed' && /page index/.test(row.message), JSON.stringify(row))
  })

  for (const [what, damage] of [
    [
      'body',
      (bytes: Buffer, { offset, bytes: size }: PageLocation) => bytes.fill(0, offset + 40, offset + size),
    ],
    ['header', (bytes: Buffer, { offset }: PageLocation) => bytes.fill(0xff, offset, offset + 8)],
  ] as const)
    test(`lets a page with a damaged ${what} cost its rows alone, wherever a reader starts`, async () => {
      for (const [at, page] of textPages.entries()) {
        // Without the first page's header nothing is known of the column, and without the last page's no index is believed.
        if (what === 'header' && (at === 0 || at === textPages.length - 1)) continue
        const bytes = Buffer.from(original)
        damage(bytes, page)
        const end = textPages[at + 1]?.firstRow ?? total
        for (let row = 0; row < total; row++) {
          const read = await readRows(bytesSource(bytes), { schema: textOnly, ...from(row) })
          failures(read, row, expectedTexts)
          const failed = read.rows.flatMap((one, index) => (isMark(one) ? [row + index] : []))
          const lost = Array.from({ length: total }, (_, one) => one).filter(
            (one) => one >= page.firstRow && one < end && one >= row,
          )
          assert.deepEqual(failed, lost, `page ${at} from row ${row}`)
        }
      }
    })
})
