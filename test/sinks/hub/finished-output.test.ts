import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { readFinishedOutput } from '../../../sinks/hub/finished-output.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { sampleManifest, writeOutput } from './sample-output.ts'

const CONTENTS = {
  'data/train-00000.jsonl': 'one\n',
  'analysis/trajectories-00000.csv': 'a,b\n',
  'failed/failed-00000.jsonl': 'raw\n',
  'own/rows.sqlite': 'x',
}

async function openOutput(t: TestContext) {
  const folder = await temporaryFolder(t)
  await writeOutput(folder, CONTENTS)
  const read = (withFailed = false) => readFinishedOutput(folder, { withFailed, signal: t.signal })
  return { folder, read }
}

test('data, tables and the manifest are pushed, and nothing else', async (t) => {
  const { folder, read } = await openOutput(t)
  for (const name of ['run.json', 'notes.txt', '.hidden', 'data/.hidden'])
    await writeFile(path.join(folder, name), 'x')
  const { files, hasCard } = await read()
  assert.deepEqual(
    files.map((file) => file.path),
    ['analysis/trajectories-00000.csv', 'data/train-00000.jsonl', 'manifest.json'],
  )
  assert.ok(!hasCard)
})

test('rows that could not be read are pushed where that is asked for', async (t) => {
  const { read } = await openOutput(t)
  const { files } = await read(true)
  assert.ok(files.some((file) => file.path === 'failed/failed-00000.jsonl'))
})

test('the folder’s own README.md is its card', async (t) => {
  const { folder, read } = await openOutput(t)
  await writeFile(path.join(folder, 'README.md'), '# Mine')
  const { files, hasCard } = await read()
  assert.ok(hasCard && files.some((file) => file.path === 'README.md'))
})

test('a file has the hashes that git and LFS know it by', async (t) => {
  const { read } = await openOutput(t)
  const { files } = await read()
  const file = files.find(({ path: name }) => name === 'data/train-00000.jsonl')!
  assert.equal(file.sha256, createHash('sha256').update('one\n').digest('hex'))
  // git hash-object
  assert.equal(file.gitSha1, '5626abf0f72e58d7a153368ba57db4c673c0e171')
})

test('a folder without a finished run is refused', async (t) => {
  const { folder, read } = await openOutput(t)
  await rm(path.join(folder, 'manifest.json'))
  await assert.rejects(read(), { code: 'USAGE', message: /no finished run/ })
  for (const text of ['', '{}', JSON.stringify({ ...sampleManifest(), tool: { name: 'other' } })]) {
    await writeFile(path.join(folder, 'manifest.json'), text)
    await assert.rejects(read(), { code: 'USAGE', message: /is no manifest of trace-sluice/ })
  }
})

test('a file that is missing, longer or other than the manifest says is named', async (t) => {
  const { folder, read } = await openOutput(t)
  const file = path.join(folder, 'data/train-00000.jsonl')
  await writeFile(file, 'two\n')
  await assert.rejects(read(), { code: 'USAGE', message: /data\/train-00000\.jsonl .* another SHA-256/ })
  await appendFile(file, 'x')
  await assert.rejects(read(), { code: 'USAGE', message: /data\/train-00000\.jsonl .* has 5 bytes, and 4/ })
  await rm(file)
  await assert.rejects(read(), { code: 'USAGE', message: /data\/train-00000\.jsonl .* not in the folder/ })
})

test('a file that no run wrote is named', async (t) => {
  const { folder, read } = await openOutput(t)
  await writeFile(path.join(folder, 'data/more.jsonl'), 'x')
  await assert.rejects(read(), {
    code: 'USAGE',
    message: /data\/more\.jsonl is in .* and not in its manifest/,
  })
})

for (const name of [
  '../secret',
  'data/../../secret',
  '/etc/passwd',
  'data//x',
  'data/.x',
  'data\\x',
  'data/x\n',
])
  test(`a manifest that lists ${JSON.stringify(name)} is refused`, async (t) => {
    const { folder, read } = await openOutput(t)
    const outputs = [{ path: name, rows: 1, bytes: 1, sha256: 'a'.repeat(64) }]
    await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(sampleManifest({ outputs })))
    await assert.rejects(read(), { code: 'USAGE', message: /can't be named so/ })
  })
