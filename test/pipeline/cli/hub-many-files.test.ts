import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { SAMPLE_DATA, sluice } from './bin.ts'

const DATASET = 'nvidia/Open-SWE-Traces'
const SMALL = path.join(SAMPLE_DATA, 'scripted_v1_sweagent_trajectories/train-00000-of-00001.parquet')
const ROWS = 3

/** A dataset of so many files in thirteen leaves, as the real one has. */
async function openHub(t: TestContext, files: number, options: { urlSeconds?: number } = {}) {
  const folder = await temporaryFolder(t)
  const data = path.join(folder, 'dataset')
  for (let at = 0; at < files; at++) {
    const leaf = path.join(data, `data/leaf-${at % 13}`)
    await mkdir(leaf, { recursive: true })
    await copyFile(SMALL, path.join(leaf, `train-${at}.parquet`))
  }
  const hub = await FakeHub.start({ datasets: { [DATASET]: { main: data } }, ...options })
  t.after(() => hub.close())
  const run = (flags: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    sluice(['run', '--from', `hf://datasets/${DATASET}`, '--out', 'out', '--events', 'ndjson', ...flags], {
      cwd: folder,
      env: { HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'home'), ...more },
    })
  return { hub, folder, run }
}

test('all files of the real set are read with one resolve each, far below what the Hub allows anybody', async (t) => {
  const { hub, folder, run } = await openHub(t, 212)
  const { code, stdout } = await run(['--workers', '2'])
  assert.equal(code, 0, stdout)
  const { rows } = JSON.parse(await readFile(path.join(folder, 'out/manifest.json'), 'utf8'))
  assert.equal(rows.in, 212 * ROWS)
  const asked = (on: string) => hub.seen.filter((request) => request.on === on).length
  assert.equal(asked('resolve'), 212)
  assert.ok(asked('api') < 10, `${asked('api')} of 500`)
})

test('two hundred files are read though addresses are good for three seconds', async (t) => {
  const { folder, run } = await openHub(t, 200, { urlSeconds: 3 })
  const { code, stdout } = await run(['--workers', '1'])
  assert.equal(code, 0, stdout)
  const { rows } = JSON.parse(await readFile(path.join(folder, 'out/manifest.json'), 'utf8'))
  assert.equal(rows.in, 200 * ROWS)
})

test('a thousand files are planned in little memory', async (t) => {
  const { hub, run } = await openHub(t, 1000)
  const { code, stdout } = await run(['--dry-run'], { NODE_OPTIONS: '--max-old-space-size=64' })
  assert.equal(code, 0, stdout)
  assert.equal(JSON.parse(stdout).rows, 1000 * ROWS)
  assert.equal(hub.seen.filter(({ on }) => on === 'resolve').length, 1000)
})
