import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { writeCsv } from '../../sinks/csv.ts'
import { pythonWith } from '../support/python.ts'
import { temporaryDirectory, writeRows } from './drive.ts'
import { COLUMNS, TABLE_ROWS } from './table-rows.ts'

const FILE = 'analysis/trajectories-00000.csv'
const columns = { name: { type: 'string' }, count: { type: 'int32' }, flag: { type: 'boolean' } } as const

test('fields are quoted where they must be; null is empty and the empty text is quoted', async (context) => {
  const directory = await temporaryDirectory(context)
  await writeRows(writeCsv, directory, { columns }, [
    { name: 'plain', count: -1, flag: true },
    { name: 'a,b "c"\nd', count: null, flag: false },
    { name: '', count: 0, flag: null },
    { name: null, count: 1, flag: true },
  ])
  assert.equal(
    await readFile(path.join(directory, FILE), 'utf8'),
    'name,count,flag\r\nplain,-1,true\r\n"a,b ""c""\nd",,false\r\n"",0,\r\n,1,true\r\n',
  )
})

test('without rows there is a header', async (context) => {
  const directory = await temporaryDirectory(context)
  await writeRows(writeCsv, directory, { columns }, [])
  assert.equal(await readFile(path.join(directory, FILE), 'utf8'), 'name,count,flag\r\n')
})

test('texts that a spreadsheet would run are marked on demand, numbers never', async (context) => {
  const directory = await temporaryDirectory(context)
  const rows = ['=1+1', '+1', '-1', '@a', '\t=1', 'a=1'].map((name) => ({ name, count: -1, flag: null }))
  await writeRows(writeCsv, directory, { columns, spreadsheetSafe: true }, rows)
  const [, ...lines] = (await readFile(path.join(directory, FILE), 'utf8')).split('\r\n')
  assert.deepEqual(lines, ["'=1+1,-1,", "'+1,-1,", "'-1,-1,", "'@a,-1,", "'\t=1,-1,", 'a=1,-1,', ''])
})

test('a cell of another type than its column is an error that names both', async (context) => {
  const directory = await temporaryDirectory(context)
  const rows = [{ name: 'a', count: 1.5, flag: null }]
  await assert.rejects(writeRows(writeCsv, directory, { columns }, rows), {
    code: 'STEP_FAILED',
    message: /'count' is int32 and got 1\.5/,
  })
})

const python = pythonWith('csv')

test('Python reads back every field', { skip: python.skip }, async (context) => {
  if (python.skip !== false) return
  const directory = await temporaryDirectory(context)
  await writeRows(writeCsv, directory, { columns: COLUMNS }, TABLE_ROWS, [2, TABLE_ROWS.length - 2])
  const script = `
import csv, json, sys
print(json.dumps(list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))))`
  const [header, ...rows] = JSON.parse(python.run(script, path.join(directory, FILE)))
  assert.deepEqual(header, Object.keys(COLUMNS))
  assert.deepEqual(
    rows,
    TABLE_ROWS.map((row) => Object.values(row).map((cell) => String(cell ?? ''))),
  )
})
