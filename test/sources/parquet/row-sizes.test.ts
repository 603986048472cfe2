import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { bytesSource, isMark, readRows } from './read-rows.ts'
import { tagsSchema, writeTags } from './write-tags.ts'

const LIMIT = 1 << 20
const nulls = (count: number): null[] => new Array<null>(count).fill(null)

describe('a row that is too large', () => {
  test('fails by itself, with the limit, when its list has too many elements', async () => {
    const bytes = writeTags([['a'], nulls(LIMIT + 1), ['b'], nulls(10)])
    assert.ok(bytes.length < 3_000)
    const { rows, leaked } = await readRows(bytesSource(bytes), { schema: tagsSchema })
    assert.equal(leaked, 0)
    const [first, large, third, last] = rows
    assert.deepEqual(
      [first, third],
      [
        { id: '0', tags: ['a'] },
        { id: '2', tags: ['b'] },
      ],
    )
    assert.deepEqual(last, { id: '3', tags: nulls(10) })
    assert.ok(isMark(large!) && large.verdict === 'failed')
    assert.equal(large.field, 'tags')
    assert.equal(large.message, 'the row has 1048577 elements, more than the limit of 1048576')
  })

  test('fails when its elements are one word of a dictionary too many times', async () => {
    const word = 'x'.repeat(20_000)
    const bytes = writeTags([[word], new Array<string>(20_000).fill(word), [word]])
    const memory = new Memory()
    const { rows } = await readRows(bytesSource(bytes), { schema: tagsSchema, memory })
    assert.deepEqual(rows.map(isMark), [false, true, false])
    const large = rows[1]!
    assert.ok(isMark(large) && large.verdict === 'failed')
    assert.match(large.message, /400000000 bytes of text, more than the limit of 268435456/)
    assert.ok(memory.bytes.length < 20e6)
  })

  test('ends a batch early where rows come to much more than the bytes that they are read from', async () => {
    const word = 'x'.repeat(20_000)
    const tags = [new Array<string>(1_000).fill(word), ...Array.from({ length: 5_000 }, () => ['y'])]
    const heavy = Array.from({ length: 8 }, () => tags[0]!)
    const { rows, batches } = await readRows(bytesSource(writeTags([...heavy, ...tags.slice(1)])), {
      schema: tagsSchema,
      drop: (row) => row < heavy.length,
    })
    assert.equal(rows.length, 5_008)
    assert.ok(batches[0]! < 3, `the first batch has ${batches[0]} rows of 20 MB`)
  })
})
