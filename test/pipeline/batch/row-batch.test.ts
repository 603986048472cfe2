import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { RowBatch, type RowBatchContent } from '../../../pipeline/batch/batch.ts'
import type { TextColumn } from '../../../pipeline/batch/columns.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { plainCopy, StaleRowError } from '../../../pipeline/batch/row.ts'
import { boolean, list, number, string, struct } from '../../../pipeline/batch/schema.ts'
import { TextArena } from '../../../pipeline/batch/text-arena.ts'

const schema = struct({
  name: string(),
  size: number(),
  flag: boolean(),
  parts: list(struct({ text: string() })),
})
const layout = { schema, added: ['seen'] }

interface Row {
  readonly name: string | null
  readonly size: number | null
  readonly flag: boolean | null
  readonly parts: readonly { readonly text: string | null }[] | null
  readonly seen: unknown
  toObject(): object
}

function texts(arena: TextArena, values: readonly (string | null)[]): TextColumn {
  const column = { refs: new Uint32Array(2 * values.length), length: values.length }
  values.forEach((value, slot) => {
    if (value !== null) arena.write(column, slot, value)
  })
  return column
}

/** Rows { name: 'a', size: 1, flag: true, parts: [x, null] }, all null, { '', 0, false, [] }. */
function content(memory: Memory): RowBatchContent {
  const arena = new TextArena(memory)
  const nulls = Uint8Array.of(0, 1, 0)
  return {
    length: 3,
    origin: { file: 'some.parquet', revision: null, firstRow: 100 },
    columns: {
      texts: new Map([
        ['name', texts(arena, ['a', null, ''])],
        ['parts.text', texts(arena, ['x', null])],
      ]),
      numbers: new Map([
        ['size', { values: Float64Array.of(1, 0, 0), nulls, length: 3, boolean: false }],
        ['flag', { values: Float64Array.of(1, 0, 0), nulls, length: 3, boolean: true }],
      ]),
      lists: new Map([['parts', { offsets: Int32Array.of(0, 2, 2, 2), nulls, length: 3 }]]),
    },
    failures: [{ row: 1, field: 'name', message: 'damaged' }],
    release: () => arena.release(),
  }
}

describe('a batch of rows', () => {
  test('decodes the ends of a text as they stand in the whole, whatever its bytes', () => {
    const memory = new Memory()
    const rows = new RowBatch<Row>(memory, { schema, added: [] }, content(memory))
    const byte = fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff)
    let given = 0
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 200 }), byte, (noise, first) => {
        const bytes = noise.map((value, at) => [first, 0xc3, 0xa9, 0x9f, 0x41, value][value % 6] ?? at)
        const block = memory.allocate(bytes.length)
        memory.bytes.set(bytes, block.address)
        const column = { refs: Uint32Array.of(block.address, bytes.length), length: 1 }
        const whole = rows.decode(column, 0)!
        const ends = rows.decodeEnds(column, 0, 9, 11)
        memory.free(block)
        if (!ends) return
        given++
        assert.ok(whole.startsWith(ends.head) && whole.endsWith(ends.tail))
        assert.ok(Buffer.byteLength(ends.head) >= 6 && Buffer.byteLength(ends.tail) >= 11)
      }),
    )
    assert.ok(given > 50)
    rows.release()
  })

  test('decodes short texts as they stand, also those that share a slot of the cache', () => {
    const memory = new Memory()
    const arena = new TextArena(memory)
    const words = Array.from({ length: 5000 }, (_, at) => `${'é'.repeat(at % 9)}${at.toString(36)}`)
    const column = texts(arena, [...words, ...words.toReversed(), ''])
    const rows = new RowBatch<Row>(memory, { schema, added: [] }, content(memory))
    for (let slot = 0; slot < words.length; slot++) {
      assert.equal(rows.decode(column, slot), words[slot])
      assert.equal(rows.decode(column, words.length + slot), words.at(-1 - slot))
    }
    assert.equal(rows.decode(column, 2 * words.length), '')
    rows.release()
    arena.release()
  })

  test('shows what a step put in a member, null too, and before that what was read', () => {
    const memory = new Memory()
    const rows = new RowBatch<Row>(memory, { schema, added: ['name'] }, content(memory))
    assert.equal(rows.row(0).name, 'a')
    assert.equal(rows.cell(0, 'name'), 'a')
    rows.add(0, 'name', null)
    assert.equal(rows.row(0).name, null)
    assert.equal(rows.cell(0, 'name'), null)
    rows.release()
  })

  test('shows rows as plain data: null, empty and absent are not the same', () => {
    const batch = new RowBatch<Row>(new Memory(), layout, content(new Memory()))
    assert.equal(batch.sourceRow(2), 102)
    assert.equal(batch.outcomes.verdict(1), 'failed')
    batch.release()

    const memory = new Memory()
    const rows = new RowBatch<Row>(memory, layout, content(memory))
    rows.add(0, 'seen', 7)
    const plain = [0, 1, 2].map((row) => rows.row(row).toObject())
    assert.deepEqual(plain, [
      { name: 'a', size: 1, flag: true, parts: [{ text: 'x' }, { text: null }], seen: 7 },
      { name: null, size: null, flag: null, parts: null, seen: null },
      { name: '', size: 0, flag: false, parts: [], seen: null },
    ])
    assert.deepEqual(rows.cell(0, 'flag'), true)
    assert.deepEqual(rows.cell(1, 'size'), null)
    rows.release()
    assert.equal(memory.live, 0)
  })

  test('refuses every member of a row, also inside of it, once it is released', () => {
    const memory = new Memory()
    const batch = new RowBatch<Row>(memory, layout, content(memory))
    const row = batch.row(0)
    const part = row.parts![0]!
    const copy = row.toObject()
    batch.release()
    for (const name of ['name', 'size', 'flag', 'parts', 'seen'] as const)
      assert.throws(() => row[name], StaleRowError)
    assert.throws(() => part.text, StaleRowError)
    assert.throws(() => row.toObject(), StaleRowError)
    assert.throws(() => JSON.stringify(row), StaleRowError)
    assert.deepEqual(copy, {
      name: 'a',
      size: 1,
      flag: true,
      parts: [{ text: 'x' }, { text: null }],
      seen: null,
    })
  })

  test('refuses the bytes and the columns of a batch, once it is released', () => {
    const memory = new Memory()
    const batch = new RowBatch<Row>(memory, layout, content(memory))
    const column = batch.text('name')
    batch.release()
    for (const use of [
      () => batch.text('name'),
      () => batch.number('size'),
      () => batch.list('parts'),
      () => batch.cell(0, 'name'),
      () => batch.add(0, 'seen', 1),
      () => batch.replace(column, 0, 'b'),
    ])
      assert.throws(use, StaleRowError)
  })

  test('shows members of any name, and nothing of itself: a spread or a clone of a row is empty', () => {
    const memory = new Memory()
    const arena = new TextArena(memory)
    const names = ['batch', 'slot', 'decoded', 'constructor']
    const batch = new RowBatch<Record<string, unknown>>(
      memory,
      { schema: struct(Object.fromEntries(names.map((name) => [name, string()]))), added: [] },
      {
        length: 1,
        origin: { file: '', revision: null, firstRow: 0 },
        columns: {
          texts: new Map(names.map((name) => [name, texts(arena, [`its ${name}`])])),
          numbers: new Map(),
          lists: new Map(),
        },
        release: () => arena.release(),
      },
    )
    const row = batch.row(0)
    for (const name of names) assert.equal(row[name], `its ${name}`)
    assert.deepEqual({ ...row }, {})
    assert.deepEqual(structuredClone(row), {})
    batch.release()
  })

  test('says of a member, also inside of a struct, that nobody declared to read it', () => {
    const memory = new Memory()
    const unread = ['rest', 'rest.more', 'parts.more']
    const batch = new RowBatch<Row & { rest: unknown }>(memory, { ...layout, unread }, content(memory))
    const row = batch.row(0)
    assert.throws(() => row.rest, /'rest' was not read: declare it in the step's reads/)
    assert.throws(() => (row.parts![0] as { more?: unknown }).more, /'parts\.more' was not read/)
    assert.deepEqual(Object.keys(row.toObject()), ['name', 'size', 'flag', 'parts', 'seen'])
    batch.release()
  })

  test('is copied wherever a value holds a row of it', () => {
    const memory = new Memory()
    const batch = new RowBatch<Row>(memory, layout, content(memory))
    const row = batch.row(0)
    const plain = row.toObject()
    const date = new Date(0)
    const value = {
      row,
      list: [{ row }],
      byName: new Map([['a', row]]),
      set: new Set([row]),
      date,
      none: null,
    }
    const parsed = JSON.parse('{"__proto__": {"a": [1]}}')
    assert.deepEqual(plainCopy(parsed), parsed)
    const copy = plainCopy(value)
    const loop: { self?: unknown; row: Row } = { row }
    loop.self = loop
    const copiedLoop = plainCopy(loop) as typeof loop
    batch.release()
    assert.deepEqual(copy, {
      row: plain,
      list: [{ row: plain }],
      byName: new Map([['a', plain]]),
      set: new Set([plain]),
      date,
      none: null,
    })
    assert.equal(copiedLoop.self, copiedLoop)
    assert.deepEqual(copiedLoop.row, plain)
  })

  test('gives a replaced text to whoever reads it later, in both faces', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.option(fc.string({ unit: 'binary' })))), (replacements) => {
        const memory = new Memory()
        const batch = new RowBatch<Row>(memory, layout, content(memory))
        const column = batch.text('name')
        const now: (string | null)[] = ['a', null, '']
        for (const [row, text] of replacements) {
          batch.replace(column, row, text)
          now[row] = text
          assert.equal(batch.decode(column, row), text)
          assert.equal(batch.row(row).name, text)
        }
        now.forEach((text, row) => {
          assert.equal(batch.row(row).name, text)
          assert.equal(batch.bytes(column, row)?.toString(), text?.toString())
        })
        batch.release()
        assert.equal(memory.live, 0)
      }),
    )
  })

  test('tells the bytes that it holds of a leaf, of a subtree, of an added column and of all', () => {
    const memory = new Memory()
    const batch = new RowBatch<Row>(memory, layout, content(memory))
    batch.add(0, 'seen', 1)
    // A reference is 8 bytes, a number 8 and a byte that says whether it is null, an offset 4.
    const [name, text, number, list, seen] = [3 * 8 + 1, 2 * 8 + 1, 3 * 9, 4 * 4 + 3, 3 * 8]
    assert.equal(batch.bytesOf(['name']), name)
    assert.equal(batch.bytesOf(['parts.text']), text)
    assert.equal(batch.bytesOf(['parts', 'size']), text + list + number)
    assert.equal(batch.bytesOf(['seen']), seen)
    assert.equal(batch.bytesOf(['*']), name + text + 2 * number + list + seen)
    assert.equal(batch.bytesOf(['part', 'nothing']), 0)
    batch.release()
  })

  test('says which reads are missing when a column was not declared', () => {
    const memory = new Memory()
    const batch = new RowBatch(memory, layout, content(memory))
    assert.throws(() => batch.text('other.path'), /'other\.path' was not read: declare it/)
    batch.release()
  })
})

describe('a text arena', () => {
  test('holds texts of any size, one after another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 40_000, size: 'max' }), { maxLength: 12 }),
        (values) => {
          const memory = new Memory()
          const arena = new TextArena(memory, 100)
          const { refs } = texts(arena, values)
          values.forEach((value, slot) => {
            const from = refs[2 * slot]!
            assert.ok(from > 0, 'not even the empty text is null')
            assert.equal(memory.bytes.toString('utf8', from, from + refs[2 * slot + 1]!), value)
          })
          arena.release()
          assert.equal(memory.live, 0)
        },
      ),
      { numRuns: 30 },
    )
  })
})
