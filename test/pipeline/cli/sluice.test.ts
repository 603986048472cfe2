import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../support/runners.ts'
import { BIN } from './bin.ts'

/** A package around a copy of the bin, with these files; runs the copy. */
async function runCopy(t: TestContext, node: string, files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(t)
  const manifest = JSON.stringify({ type: 'module', engines: { node } })
  for (const [name, text] of Object.entries({ ...files, 'package.json': manifest })) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
  const copy = path.join(folder, 'pipeline/cli/sluice.js')
  await mkdir(path.dirname(copy), { recursive: true })
  await copyFile(BIN, copy)
  return spawnSync(process.execPath, [copy], { encoding: 'utf8' })
}

const says = (words: string) => `console.log(${JSON.stringify(words)})`

describe('the bin', () => {
  test('runs the source in a clone, even beside a build', async (t) => {
    const files = {
      'pipeline/cli/main.ts': says('source'),
      'dist/pipeline/cli/main.js': says('built'),
    }
    assert.equal((await runCopy(t, '>=1', files)).stdout, 'source\n')
  })

  test('runs the build in a package', async (t) => {
    assert.equal((await runCopy(t, '>=1', { 'dist/pipeline/cli/main.js': says('built') })).stdout, 'built\n')
  })

  test('refuses a Node that is too old, and points to a newer one', async (t) => {
    const { status, stderr } = await runCopy(t, '>=999', {})
    assert.equal(status, 2)
    assert.match(stderr, /^sluice needs Node 999 or later, and this is Node \d/)
    assert.match(stderr, /Install a newer one from https:\/\/nodejs\.org\.$/m)
  })

  test('refuses an old Node in a clone by pointing to the Node that npm brought', async (t) => {
    const files = { 'pipeline/cli/main.ts': '', 'node_modules/node/bin/node': '' }
    assert.match((await runCopy(t, '>=999', files)).stderr, /installed here: start it by npm/)
  })

  test('says so when npm was not allowed to bring it', async (t) => {
    const files = { 'pipeline/cli/main.ts': '', 'node_modules/node/package.json': '{}' }
    assert.match(
      (await runCopy(t, '>=999', files)).stderr,
      /the script that fetches it did not run.*npm rebuild node/s,
    )
  })

  test('asks for npm install in a clone that has none', async (t) => {
    assert.match(
      (await runCopy(t, '>=999', { 'pipeline/cli/main.ts': '' })).stderr,
      /run npm install here first/,
    )
  })
})
