import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { AtomicFile, publishAll } from '../../sinks/atomic-file.ts'
import { temporaryDirectory } from './drive.ts'

const never = new AbortController().signal
const contextOf = (directory: string, signal = never) => ({ sink: 'writeSomething', directory, signal })

test('a file has its name and its bytes only once it is published', async (context) => {
  const directory = await temporaryDirectory(context)
  const file = await AtomicFile.open(contextOf(directory), 'deep/er/a.txt')
  await file.append(Buffer.from('one\n'), 1)
  await file.append(Buffer.alloc(0), 0)
  await file.append(Buffer.from('two\nthree\n'), 2)
  assert.deepEqual(await readdir(directory), ['.sluice'])
  const sha256 = createHash('sha256').update('one\ntwo\nthree\n').digest('hex')
  assert.deepEqual(await publishAll([file]), [{ path: 'deep/er/a.txt', rows: 3, bytes: 14, sha256 }])
  assert.equal(await readFile(path.join(directory, 'deep/er/a.txt'), 'utf8'), 'one\ntwo\nthree\n')
  assert.deepEqual(await readdir(path.join(directory, '.sluice')), [])
})

test('what an interrupted run left behind is written over', async (context) => {
  const directory = await temporaryDirectory(context)
  await mkdir(path.join(directory, '.sluice'))
  await writeFile(path.join(directory, '.sluice', 'a.txt.part'), 'left behind, and longer')
  await writeFile(path.join(directory, 'a.txt'), 'old')
  const file = await AtomicFile.open(contextOf(directory), 'a.txt')
  await file.append(Buffer.from('new'), 1)
  assert.equal(await readFile(path.join(directory, 'a.txt'), 'utf8'), 'old')
  await publishAll([file])
  assert.equal(await readFile(path.join(directory, 'a.txt'), 'utf8'), 'new')
})

test('when one of several files can not have its name, none has', async (context) => {
  const directory = await temporaryDirectory(context)
  const files = [
    await AtomicFile.open(contextOf(directory), 'a.txt'),
    await AtomicFile.open(contextOf(directory), 'b.txt'),
    await AtomicFile.open(contextOf(directory), 'c.txt'),
  ]
  await mkdir(path.join(directory, 'b.txt'))
  await assert.rejects(publishAll(files))
  assert.deepEqual(await readdir(directory), ['.sluice', 'b.txt'])
  assert.deepEqual(await readdir(path.join(directory, '.sluice')), [])
})

test('when the last bytes can not be written, no file has its name', async (context) => {
  const directory = await temporaryDirectory(context)
  const file = await AtomicFile.open(contextOf(directory), 'a.txt')
  const full = new Error('no space left')
  await assert.rejects(
    publishAll([file], () => Promise.reject(full)),
    full,
  )
  assert.deepEqual(await readdir(path.join(directory, '.sluice')), [])
})

test('a cancelled run writes no more', async (context) => {
  const controller = new AbortController()
  const file = await AtomicFile.open(contextOf(await temporaryDirectory(context), controller.signal), 'a.txt')
  controller.abort(new Error('cancelled'))
  await assert.rejects(file.append(Buffer.from('x'), 1), /cancelled/)
  await file.remove()
})

test('two files of one name at a time are an error, one after the other are not', async (context) => {
  const directory = await temporaryDirectory(context)
  const first = await AtomicFile.open(contextOf(directory), 'data/a.txt')
  await assert.rejects(AtomicFile.open(contextOf(directory), 'data/a.txt'), {
    code: 'USAGE',
    message: /two sinks write data\/a\.txt.*writeSomething/,
  })
  await first.remove()
  await publishAll([await AtomicFile.open(contextOf(directory), 'data/a.txt')])
  await publishAll([await AtomicFile.open(contextOf(directory), 'data/a.txt')])
})
