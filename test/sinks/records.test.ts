import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { writeLedger } from '../../sinks/decision-ledger.ts'
import { writeFailedRows } from '../../sinks/failed-rows.ts'
import { readParquet } from '../support/read-parquet.ts'
import { temporaryDirectory, writeRows } from './drive.ts'

/** Of every three rows the driver marks the second as dropped and the third as failed. */
const rows = [1, 2, 3].map((number) => ({ trajectory_id: `id-${number}`, instance_id: `task-${number}` }))

test('the ledger has one verdict a row, with what was measured as text and as a number', async (context) => {
  const directory = await temporaryDirectory(context)
  const [receipt] = await writeRows(writeLedger, directory, {}, rows)
  assert.equal(receipt!.path, 'ledger/decisions-00000.parquet')
  const undecided = {
    step: null,
    reason: null,
    value: null,
    value_number: null,
    threshold: null,
    threshold_number: null,
    error_field: null,
    error: null,
  }
  const record = (at: number, rest: object) => ({
    source_file: 'rows.parquet',
    source_row: at,
    source_revision: null,
    ...rows[at],
    ...undecided,
    ...rest,
  })
  assert.deepEqual(await readParquet(path.join(directory, receipt!.path)), [
    record(0, { verdict: 'kept' }),
    record(1, {
      verdict: 'dropped',
      step: 'keepShort',
      reason: 'too_long',
      value: '1.5',
      value_number: 1.5,
      threshold: 'the shortest',
    }),
    record(2, {
      verdict: 'failed',
      step: 'parse',
      error_field: 'messages[3].role',
      error: 'expected a "role",\nfound none',
    }),
  ])
})

test('failed rows say where they are and why they failed', async (context) => {
  const directory = await temporaryDirectory(context)
  const [receipt] = await writeRows(writeFailedRows, directory, {}, rows)
  assert.equal(receipt!.path, 'failed/failed-00000.jsonl')
  const lines = (await readFile(path.join(directory, receipt!.path), 'utf8')).split('\n')
  assert.equal(
    lines[2],
    '{"source_file":"rows.parquet","source_row":2,"source_revision":null,"step":"parse","field":"messages[3].role","error":"expected a \\"role\\",\\nfound none"}',
  )
  assert.equal(lines.length, 4)
})

test('without failed rows there is no file', async (context) => {
  assert.deepEqual(await writeRows(writeFailedRows, await temporaryDirectory(context), {}, []), [])
})
