import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { writeAnalysisTable } from '../../sinks/analysis-table.ts'
import { writeFlatTable } from '../../sinks/flat-table.ts'
import { pythonWith } from '../support/python.ts'
import { readParquet } from '../support/read-parquet.ts'
import { temporaryDirectory, writeRows } from './drive.ts'
import { COLUMNS, TABLE_ROWS } from './table-rows.ts'

const ARROW_TYPES = {
  trajectory_id: 'string',
  turns: 'int32',
  tokens: 'int64',
  entropy: 'double',
  tests_run: 'bool',
  never: 'string',
}

const READ_TABLE = `
import json, sys
import pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1])
table = file.read()
print(json.dumps({
    "types": {field.name: str(field.type) for field in table.schema},
    "rows": table.to_pylist(),
    "columns": json.loads(file.metadata.metadata[b"columns"]),
    "groups": [file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups)],
}))`

const python = pythonWith('pyarrow')

/** Told apart by their options alone, and these tests give both the same columns. */
const flatTable = writeFlatTable as unknown as typeof writeAnalysisTable

const SINKS = [
  { name: 'the analysis table', sink: writeAnalysisTable, compressions: ['zstd', 'snappy', 'none'] },
  { name: 'the flat table', sink: flatTable, compressions: ['snappy', 'gzip', 'none'] },
]

/** Large enough for several row groups, with long runs of nulls and of equal cells. */
const MANY_ROWS = Array.from({ length: 11_000 }, (_, row) => ({
  trajectory_id: row % 100 < 50 ? null : `trajectory-${row}`,
  turns: row >> 10,
  tokens: row * 2 ** 32,
  entropy: row / 7,
  tests_run: row % 3 === 0 ? null : row % 3 === 1,
  never: null,
}))

for (const { name, sink, compressions } of SINKS) {
  for (const compression of compressions) {
    const options = { columns: COLUMNS, compression } as never

    test(`hyparquet reads ${name} (${compression}) as it was written`, async (context) => {
      const directory = await temporaryDirectory(context)
      const [receipt] = await writeRows(sink, directory, options, TABLE_ROWS)
      assert.deepEqual(await readParquet(path.join(directory, receipt!.path)), TABLE_ROWS)
    })

    test(`pyarrow reads ${name} (${compression}) as it was written`, {
      skip: python.skip,
    }, async (context) => {
      if (python.skip !== false) return
      const rows = TABLE_ROWS.filter((row) => row.entropy !== Number.POSITIVE_INFINITY)
      const directory = await temporaryDirectory(context)
      const [receipt] = await writeRows(sink, directory, options, rows)
      const read = JSON.parse(python.run(READ_TABLE, path.join(directory, receipt!.path)))
      assert.deepEqual(read.types, ARROW_TYPES)
      assert.deepEqual(read.rows, rows)
      assert.deepEqual(read.columns, COLUMNS)
    })
  }

  test(`${name} is the same bytes however its rows come in bundles`, async (context) => {
    const sizes = [1, 4_095, 1, 6_000, 903]
    const options = { columns: COLUMNS }
    const parts = await writeRows(sink, await temporaryDirectory(context), options, MANY_ROWS, sizes)
    assert.deepEqual(await writeRows(sink, await temporaryDirectory(context), options, MANY_ROWS), parts)
  })

  test(`pyarrow reads many row groups of ${name}`, { skip: python.skip }, async (context) => {
    if (python.skip !== false) return
    const directory = await temporaryDirectory(context)
    const [receipt] = await writeRows(sink, directory, { columns: COLUMNS }, MANY_ROWS, [10_500, 500])
    const { rows, groups } = JSON.parse(python.run(READ_TABLE, path.join(directory, receipt!.path)))
    assert.deepEqual(rows, MANY_ROWS)
    assert.ok(groups.length > 1)
  })

  test(`pyarrow reads ${name} of no rows with its columns`, { skip: python.skip }, async (context) => {
    if (python.skip !== false) return
    const directory = await temporaryDirectory(context)
    const [receipt] = await writeRows(sink, directory, { columns: COLUMNS }, [])
    const read = JSON.parse(python.run(READ_TABLE, path.join(directory, receipt!.path)))
    assert.deepEqual(read.types, ARROW_TYPES)
    assert.deepEqual(read.rows, [])
  })

  test(`${name} refuses a cell that is not of its column's type`, async (context) => {
    for (const [wrong, cell] of [
      ['turns', 2 ** 31],
      ['turns', 0.5],
      ['tokens', 2 ** 53],
      ['tests_run', 1],
      ['trajectory_id', 7],
    ] as const)
      await assert.rejects(
        writeRows(sink, await temporaryDirectory(context), { columns: COLUMNS }, [
          { ...TABLE_ROWS[0]!, [wrong]: cell },
        ]),
        { code: 'STEP_FAILED', message: new RegExp(`'${wrong}'.*${cell}`) },
      )
  })
}

test('a double that is not a number is itself in the analysis table and null in the flat one', async (context) => {
  const columns = { share: { type: 'double' } } as const
  const rows = [{ share: Number.NaN }]
  const read = async (sink: typeof writeAnalysisTable) => {
    const directory = await temporaryDirectory(context)
    const [receipt] = await writeRows(sink, directory, { columns }, rows)
    return readParquet(path.join(directory, receipt!.path))
  }
  assert.deepEqual(await read(writeAnalysisTable), rows)
  assert.deepEqual(await read(flatTable), [{ share: null }])
})
