import assert from 'node:assert/strict'
import { test } from 'node:test'
import { list, number, string, struct } from '../../../pipeline/batch/schema.ts'
import { joinColumns } from '../../../sources/parquet/join-columns.ts'
import { LeafColumns } from '../../../sources/parquet/leaf-columns.ts'
import type { Page } from '../../../sources/parquet/page.ts'
import type { ResolvedLeaf } from '../../../sources/parquet/schema-resolution.ts'

const schema = struct({ l: list(struct({ a: number(), b: number(), c: string() })), d: number() })

/** The columns of a leaf of `l`, which has so many elements in each row, numbered from 0. */
function columnsOf(name: string, sizes: readonly number[]): LeafColumns {
  const leaf: ResolvedLeaf = {
    path: `l.${name}`,
    kind: 'number',
    lists: [{ path: 'l', present: 0, element: 1 }],
    column: {
      kind: 'primitive',
      name,
      path: ['l', name],
      repetition: 'required',
      maxDefinition: 1,
      maxRepetition: 1,
      elementLevels: [1],
      type: 'DOUBLE',
      unsigned: false,
      meaning: null,
      column: 0,
    },
  }
  const repetition = sizes.flatMap((size) =>
    size === 0 ? [0] : Array.from({ length: size }, (_, at) => Math.min(at, 1)),
  )
  const definition = sizes.flatMap((size) => (size === 0 ? [0] : new Array<number>(size).fill(1)))
  const count = sizes.reduce((sum, size) => sum + size, 0)
  const page: Page = {
    header: {
      kind: 'v1',
      values: repetition.length,
      encoding: 'PLAIN',
      definitionEncoding: 'RLE',
      repetitionEncoding: 'RLE',
      headerBytes: 0,
      compressedBytes: 0,
      uncompressedBytes: 0,
      crc: null,
    },
    bodyAt: 0,
    firstRow: 0,
    rows: sizes.length,
    confirmed: false,
    continues: false,
    fault: null,
    cursor: { entry: 0, value: 0, row: -1 },
    decoded: {
      levels: { repetition: Uint8Array.from(repetition), definition: Uint8Array.from(definition) },
      values: { kind: 'number', values: Float64Array.from({ length: count }, (_, at) => at), faults: null },
    },
  }
  const wanted = new Uint8Array(sizes.length).fill(1)
  const columns = new LeafColumns(leaf, { from: 0, to: sizes.length, wanted, shape: new Map() }, 0)
  columns.append(page)
  return columns
}

test('leaves that agree on their list are joined, and what no leaf has is null', () => {
  const { columns, failures } = joinColumns(schema, 3, [columnsOf('a', [2, 0, 1]), columnsOf('b', [2, 0, 1])])
  assert.deepEqual(failures, [])
  const { offsets, nulls, length } = columns.lists.get('l')!
  assert.deepEqual([[...offsets], [...nulls], length], [[0, 2, 2, 3], [0, 0, 0], 3])
  assert.deepEqual([...columns.numbers.get('l.b')!.values.subarray(0, 3)], [0, 1, 2])
  assert.deepEqual([...columns.texts.get('l.c')!.refs], new Array(6).fill(0))
  assert.deepEqual([...columns.numbers.get('d')!.nulls], [1, 1, 1])
})

test('rows from the first on which leaves of a list disagree are failures with nothing in their lists', () => {
  const { columns, failures } = joinColumns(schema, 3, [columnsOf('a', [1, 2, 1]), columnsOf('b', [1, 3, 1])])
  const message = 'it has other elements of l than the leaves beside it'
  assert.deepEqual(failures, [
    { row: 1, field: 'l.b', message },
    { row: 2, field: 'l.b', message },
  ])
  const { offsets, nulls } = columns.lists.get('l')!
  assert.deepEqual(
    [[...offsets], [...nulls]],
    [
      [0, 1, 1, 1],
      [0, 1, 1],
    ],
  )
})
