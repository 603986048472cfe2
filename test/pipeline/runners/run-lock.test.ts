import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { UsageError } from '../../../pipeline/index.ts'
import { lockWorkDirectory } from '../../../pipeline/runners/run-lock.ts'
import { temporaryFolder } from '../../support/runners.ts'

async function lockedBy(t: TestContext, owner: string): Promise<string> {
  const folder = await temporaryFolder(t)
  await mkdir(path.join(folder, '.sluice'))
  await writeFile(path.join(folder, '.sluice/lock'), owner)
  await writeFile(path.join(folder, '.sluice/spool'), 'left behind')
  return folder
}

const owner = (pid: number, host = os.hostname()) => JSON.stringify({ pid, host, since: '2026-01-01' })

test('two runs do not write to one folder', async (t) => {
  const folder = await temporaryFolder(t)
  await lockWorkDirectory(folder)
  await assert.rejects(
    lockWorkDirectory(folder),
    (error) => error instanceof UsageError && new RegExp(`process ${process.pid} on `).test(error.message),
  )
  await assert.rejects(lockWorkDirectory(await lockedBy(t, owner(1, 'elsewhere'))), /process 1 on elsewhere/)
})

test('a folder that was made for a run and got nothing is gone with its lock, others stay', async (t) => {
  const folder = await temporaryFolder(t)
  const made = path.join(folder, 'deep/out')
  await (await lockWorkDirectory(made)).release()
  await (await lockWorkDirectory(path.join(folder, 'deep'))).release()
  assert.deepEqual(await readdir(folder, { recursive: true }), ['deep'])
  const lock = await lockWorkDirectory(made)
  await writeFile(path.join(made, 'data'), '')
  await lock.release()
  assert.deepEqual(await readdir(made), ['data'])
})

test('what a killed run locked is taken over and cleared', async (t) => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  for (const left of [owner(pid), '', '{"pid":'])
    await lockWorkDirectory(await lockedBy(t, left)).then(undefined, (error) =>
      assert.fail(`${left}: ${error}`),
    )
  const folder = await lockedBy(t, owner(pid))
  await lockWorkDirectory(folder)
  assert.deepEqual(await readdir(path.join(folder, '.sluice')), ['lock'])
})
