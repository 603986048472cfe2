import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { EarlierRun } from '../../../pipeline/ledger/earlier-run.ts'
import { PACKAGE } from '../../../pipeline/package.ts'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder(t)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true })
    await writeFile(path.join(folder, file), text)
  }
  return folder
}

const manifest = (...outputs: string[]) =>
  JSON.stringify({ tool: { name: PACKAGE.name }, outputs: outputs.map((file) => ({ path: file })) })

const source = (file: string) => ({ file, rows: 1, bytes: 1, format: 'jsonl' }) as const

test('what a run wrote is removed, by its own account, and nothing else', async (t) => {
  const folder = await folderWith(t, {
    'manifest.json': manifest('data/train-00000.jsonl', 'table/trajectories-00000.parquet', 'kept.sqlite'),
    'run.json': '{}',
    'data/train-00000.jsonl': '{}',
    'data/mine.txt': 'mine',
    'table/trajectories-00000.parquet': '',
    'kept.sqlite': '',
  })
  const earlier = EarlierRun.find(folder)
  assert.throws(() => earlier.refuse(), /holds the output of an earlier run.*--fresh/)
  await earlier.remove()
  assert.deepEqual(await readdir(folder), ['data'])
  assert.deepEqual(await filesBelow(folder), ['data/mine.txt'])
})

test('a folder of the same name that no run wrote is nobody else’s to touch', async (t) => {
  const folder = await folderWith(t, { 'data/train-00000.jsonl': 'mine' })
  assert.throws(() => EarlierRun.find(folder), /a folder 'data' that no run of trace-sluice wrote/)
  const other = await folderWith(t, { 'manifest.json': '{"outputs":[]}', 'ledger/book.txt': 'mine' })
  assert.throws(() => EarlierRun.find(other), /a folder 'ledger' that no run/)
})

test('what a killed run left goes without asking', async (t) => {
  const folder = await folderWith(t, { '.sluice/spool': 'x', 'data/train-00000.jsonl.zst': 'x' })
  const earlier = EarlierRun.find(folder)
  earlier.refuse()
  await earlier.remove()
  assert.deepEqual(await readdir(folder), ['.sluice'])
  const mixed = await folderWith(t, { '.sluice/spool': 'x', 'data/rows.parquet': 'mine' })
  assert.throws(() => EarlierRun.find(mixed), /a folder 'data' that no run/)
})

test('a source that belongs to the output is spared', async (t) => {
  const folder = await folderWith(t, {
    'manifest.json': manifest('data/train-00000.jsonl'),
    'data/train-00000.jsonl': '{}',
  })
  const file = path.join(folder, 'data/train-00000.jsonl')
  assert.throws(
    () => EarlierRun.find(folder).spare([source(file)]),
    /is to be read, and belongs to the output/,
  )
})

test('a list that points out of the folder is not followed', async (t) => {
  const folder = await folderWith(t, { 'out/manifest.json': manifest('../mine.txt'), 'mine.txt': 'mine' })
  await EarlierRun.find(path.join(folder, 'out')).remove()
  assert.deepEqual(await filesBelow(folder), ['mine.txt'])
})

test('the output needs a folder, which need not be there yet', async (t) => {
  const folder = await folderWith(t, { file: '' })
  assert.throws(() => EarlierRun.find(path.join(folder, 'file')), /is a file: the output needs a folder/)
  await rm(path.join(folder, 'file'))
  EarlierRun.find(path.join(folder, 'file')).refuse()
})
