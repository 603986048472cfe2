import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { string, struct } from '../../../pipeline/batch/schema.ts'
import { bytesSource, isMark, type ReadRow, readRows } from './read-rows.ts'

const golden = join(import.meta.dirname, 'golden')
const python = process.env.SLUICE_PYTHON ?? 'python3'

interface Pair {
  readonly name: string
  readonly bytes: Buffer
  readonly expected: readonly ReadRow[]
}

function pairsIn(folder: string): Pair[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.parquet'))
    .map((file) => {
      const lines = readFileSync(join(folder, file.replace(/parquet$/, 'jsonl')), 'utf8').split('\n')
      return {
        name: file.replace(/\.parquet$/, ''),
        bytes: readFileSync(join(folder, file)),
        expected: lines.filter(Boolean).map((line) => JSON.parse(line) as ReadRow),
      }
    })
}

/** Files in every physical form, written and read back by pyarrow; null where there is none. */
function writeMatrix(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-parquet-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const script = join(import.meta.dirname, 'write_files.py')
  const { status } = spawnSync(python, [script, 'matrix', folder], { stdio: ['ignore', 'ignore', 'pipe'] })
  return status === 0 ? folder : null
}

const goldenPairs = pairsIn(golden)

describe('the page reader', () => {
  for (const { name, bytes, expected } of goldenPairs) {
    test(`reads every row of golden/${name}.parquet as pyarrow does`, async () => {
      const { rows, leaked } = await readRows(bytesSource(bytes))
      assert.deepEqual(rows, expected)
      assert.equal(leaked, 0)
    })

    test(`reads any ranges of golden/${name}.parquet as slices of the whole`, async () => {
      const total = expected.length
      const range = fc
        .tuple(fc.nat(total - 1), fc.nat(total - 1))
        .map(([a, b]) => ({ firstRow: Math.min(a, b), rows: Math.abs(a - b) + 1 }))
      await fc.assert(
        fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 4 }), async (ranges) => {
          const { rows, leaked } = await readRows(bytesSource(bytes), { ranges })
          const slices = ranges.flatMap(({ firstRow, rows }) => expected.slice(firstRow, firstRow + rows))
          assert.deepEqual(rows, slices)
          assert.equal(leaked, 0)
        }),
        { numRuns: 40 },
      )
    })

    test(`reads the rows of golden/${name}.parquet that early leaves leave over just as if all were read`, async () => {
      const paths = ['language', 'meta', 'turns.role', 'turns.calls.n', 'tags', 'nothing', 'turns']
      await fc.assert(
        fc.asyncProperty(
          fc.subarray(paths, { minLength: 1 }),
          fc.array(fc.boolean(), { minLength: expected.length, maxLength: expected.length }),
          async (early, dropped) => {
            const drop = (row: number): boolean => dropped[row]!
            const { rows, leaked } = await readRows(bytesSource(bytes), { early, drop })
            assert.deepEqual(
              rows.filter((row) => !isMark(row)),
              expected.filter((_, row) => !dropped[row]),
            )
            assert.equal(leaked, 0)
          },
        ),
        { numRuns: 60 },
      )
    })
  }

  test('bounds batches by bytes: large rows come one at a time, small ones together', async () => {
    const sizes = [10, 6e6, 10, 10, 12e6, 3e6, ...new Array<number>(100).fill(10)]
    const data = sizes.map((size, row) => String.fromCharCode(97 + (row % 26)).repeat(size))
    const bytes = Buffer.from(
      parquetWriteBuffer({ columnData: [{ name: 'id', data, type: 'STRING' }], pageSize: 1 << 20 }),
    )
    const schema = struct({ id: string() })
    const memory = new Memory()
    const { rows, batches, leaked } = await readRows(bytesSource(bytes), { schema, memory })
    assert.deepEqual(
      rows.map((row) => (row as ReadRow).id),
      data,
    )
    assert.equal(leaked, 0)
    assert.ok(batches.every((length) => length <= 64))
    assert.ok(batches.some((length) => length > 10))
    const largest = Math.max(...batchSizes(batches, sizes))
    assert.ok(largest <= 8 * 2 ** 20 + 12e6, `a batch has ${largest} bytes`)
    assert.ok(memory.bytes.length < 60e6, `the memory has ${memory.bytes.length} bytes`)
  })

  test('reads every row of every physical form as pyarrow does', async (t) => {
    const folder = writeMatrix()
    if (!folder) {
      t.skip(`${python} with pyarrow is needed to write the files: set SLUICE_PYTHON`)
      return
    }
    const pairs = pairsIn(folder)
    assert.ok(pairs.length > 60, 'the script wrote its files')
    for (const { name, bytes, expected } of pairs) {
      const { rows, leaked } = await readRows(bytesSource(bytes))
      assert.deepEqual(rows, expected, name)
      assert.equal(leaked, 0, name)
      const middle = Math.floor(expected.length / 3)
      const drop = (row: number): boolean => row % 5 !== 0
      const ranges = [{ firstRow: middle, rows: expected.length - middle }]
      const late = await readRows(bytesSource(bytes), { early: ['language', 'turns.role'], drop, ranges })
      assert.deepEqual(
        late.rows.filter((row) => !isMark(row)),
        expected.filter((_, row) => row >= middle && !drop(row)),
        `${name}, in two phases from the middle`,
      )
    }
  })
})

function batchSizes(batches: readonly number[], rowSizes: readonly number[]): number[] {
  let row = 0
  return batches.map((length) => {
    const sizes = rowSizes.slice(row, row + length)
    row += length
    return sizes.reduce((sum, size) => sum + size, 0)
  })
}
