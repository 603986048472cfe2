import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { RowBatch } from '../../../pipeline/batch/batch.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { list, string, struct } from '../../../pipeline/batch/schema.ts'
import { readMetadata } from '../../../sources/parquet/file-metadata.ts'
import { emptyMap, type PageMap } from '../../../sources/parquet/page-map.ts'
import { RowGroupReader } from '../../../sources/parquet/row-group-reader.ts'
import { resolveSchema } from '../../../sources/parquet/schema-resolution.ts'
import { bytesSource, isMark, readRows } from './read-rows.ts'

const schema = struct({ turns: list(struct({ text: string() })), tags: list(string()) })
const golden = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'golden', `${name}.parquet`))

/** Row `row` and those of its batch, by a reader of its own, which is given what others noted. */
async function rowsFrom(bytes: Buffer, row: number, mapOf: (column: number) => PageMap): Promise<unknown[]> {
  const source = bytesSource(bytes)
  const memory = new Memory()
  const metadata = await readMetadata(source, 'test.parquet')
  const group = metadata.rowGroups[0]!
  const reader = new RowGroupReader({
    source,
    memory,
    group,
    maps: (chunk) => mapOf(group.chunks.indexOf(chunk)),
    schema,
    resolution: resolveSchema(metadata.schema, schema),
    early: [],
  })
  const rows: unknown[] = []
  for (let at = row; at < group.rows; ) {
    const origin = { file: 'test.parquet', revision: null, firstRow: at }
    const content = await reader.batch(at, group.rows, origin, new AbortController().signal)
    const batch = new RowBatch<{ toObject(): unknown }>(memory, { schema, added: [] }, content)
    for (let one = 0; one < batch.length; one++)
      rows.push(batch.outcomes.of(one) ?? batch.row(one).toObject())
    at += batch.length
    batch.release()
  }
  reader.close()
  assert.equal(memory.live, 0)
  return rows
}

function noteIn(maps: Map<number, PageMap>): (column: number) => PageMap {
  return (column) => {
    const map = maps.get(column) ?? emptyMap()
    maps.set(column, map)
    return map
  }
}

describe('a page map', () => {
  for (const name of ['crossing-pages', 'version-1-checksums', 'page-index'])
    test(`that was noted in passing gives the rows of ${name} from any row, however far it goes`, async () => {
      const bytes = golden(name)
      const expected = await rowsFrom(bytes, 0, emptyMap)
      for (const walkedFrom of [0, 3, expected.length - 1]) {
        const maps = new Map<number, PageMap>()
        await rowsFrom(bytes, walkedFrom, noteIn(maps))
        assert.ok([...maps.values()].some(({ pages }) => pages.length > (name === 'page-index' ? 0 : 2)))
        for (let row = 0; row < expected.length; row++)
          for (const kept of [1, 2, 3, 5, 100]) {
            const known = new Map(
              [...maps].map(([column, { pages, end }]) => [
                column,
                { pages: pages.slice(0, kept), end: pages[kept] ?? end },
              ]),
            )
            const rows = await rowsFrom(bytes, row, noteIn(known))
            assert.deepEqual(rows, expected.slice(row), `row ${row}, ${kept} pages known`)
          }
      }
    })

  test('of other pages is given up for a walk, and no row is other', async () => {
    const bytes = golden('crossing-pages')
    const expected = await rowsFrom(bytes, 0, emptyMap)
    const maps = new Map<number, PageMap>()
    await rowsFrom(bytes, 0, noteIn(maps))
    const lies: ((page: PageMap['pages'][number], at: number) => PageMap['pages'][number])[] = [
      (page, at) => (at === 0 ? page : { ...page, offset: page.offset + 1 }),
      (page, at) => (at === 0 ? page : { ...page, offset: page.offset + 1e9 }),
      (page, at) => (at === 0 ? page : { ...page, valuesBefore: page.valuesBefore * 2 }),
      (page, at) => (at % 3 === 2 ? { ...page, firstRow: page.firstRow + 1 } : page),
    ]
    for (const [at, lie] of lies.entries())
      for (let row = 0; row < expected.length; row++) {
        const lying = new Map(
          [...maps].map(([column, map]) => [column, { ...map, pages: map.pages.map(lie) }]),
        )
        const rows = await rowsFrom(bytes, row, noteIn(lying))
        for (const [index, one] of rows.entries())
          if (!isMark(one as never)) assert.deepEqual(one, expected[row + index], `lie ${at} from row ${row}`)
        assert.ok(!isMark(rows[0] as never), `lie ${at} from row ${row}`)
      }
  })

  test('spares a reader that steps back the pages that it has passed', async () => {
    const bytes = golden('crossing-pages')
    const { columns, rowGroups } = await readMetadata(bytesSource(bytes), 'test.parquet')
    const { rows: expected } = await readRows(bytesSource(bytes), { schema })
    const maps = new Map<number, PageMap>()
    await rowsFrom(bytes, 0, noteIn(maps))
    const last = expected.length - 1
    // Once the last row is there, what lies between the first page and the last row's is gone.
    let walked = false
    const source = {
      ...bytesSource(bytes),
      read: (offset: number, length: number) => {
        const file = Buffer.from(bytes)
        if (walked)
          for (const [column, { pages }] of maps) {
            assert.ok(columns[column]!.maxRepetition > 0)
            const to = pages.findLast(({ firstRow }) => firstRow <= last)!.offset
            assert.ok(pages[1]!.offset < to && to < rowGroups[0]!.chunks[column]!.end)
            file.fill(0, pages[1]!.offset, to)
          }
        return file.subarray(offset, offset + length)
      },
    }
    const ranges = [
      { firstRow: 0, rows: expected.length },
      { firstRow: last, rows: 1 },
    ]
    const drop = (row: number): boolean => {
      walked ||= row === last
      return false
    }
    const { rows } = await readRows(source, { schema, ranges, drop })
    assert.deepEqual(rows, [...expected, expected[last]])
  })
})
