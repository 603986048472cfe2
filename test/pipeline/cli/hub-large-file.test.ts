import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { sluice } from './bin.ts'

const DATASET = 'nvidia/Open-SWE-Traces'
const ROWS = 600

describe('of a large file on the Hub, one row group without an index,', () => {
  let folder: string
  let data: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sluice-test-'))
    data = path.join(folder, 'dataset')
    const generate = fileURLToPath(new URL('../../../benchmarks/traces/generate.ts', import.meta.url))
    const size = ['--files', '1', '--rows', String(ROWS), '--kilobytes', '100']
    execFileSync(process.execPath, [generate, '--out', data, ...size], { stdio: 'ignore' })
  })
  after(() => rm(folder, { recursive: true }))

  /** What a run over it asked of the network, and the hashes of what it wrote. */
  async function run(t: TestContext, flags: readonly string[]) {
    const hub = await FakeHub.start({ datasets: { [DATASET]: { main: data } } })
    t.after(() => hub.close())
    const out = path.join(await temporaryFolder(t), 'out')
    const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'home') }
    const from = ['--from', `hf://datasets/${DATASET}`]
    const { code, stderr } = await sluice(['run', ...from, '--out', out, ...flags], { cwd: folder, env })
    assert.equal(code, 0, stderr)
    const { outputs } = JSON.parse(await readFile(path.join(out, 'manifest.json'), 'utf8'))
    const size = hub.files(DATASET).reduce((sum, file) => sum + file.size, 0)
    const bytes = hub.seen.reduce((sum, { sent }) => sum + sent, 0)
    return { outputs, share: bytes / size, requests: hub.seen.length }
  }

  test('every byte is fetched once, by however many workers, in large pieces', async (t) => {
    const one = await run(t, ['--workers', '1'])
    const four = await run(t, ['--workers', '4'])
    assert.deepEqual(four.outputs, one.outputs)
    for (const { share, requests } of [one, four]) {
      assert.ok(share > 0.98 && share < 1.02, `${share} of the file`)
      assert.ok(requests < 60, `${requests} requests`)
    }
  })

  test('pages of few rows are looked for, and where most are wanted all is read on', async (t) => {
    const all = await run(t, ['--workers', '1', '--measure', 'kept', '--languages', 'python,java,rust,go'])
    assert.ok(all.share < 1.1, `${all.share} of the file`)
    // Each of its pages has a header, and looking at each takes a request.
    assert.ok(all.requests < 110, `${all.requests} requests`)
    const again = await run(t, ['--workers', '4', '--measure', 'kept', '--languages', 'python,java,rust,go'])
    assert.deepEqual(again.outputs, all.outputs)
  })

  test('with a limit, no more is fetched than its rows and what lies beside them', async (t) => {
    const { share } = await run(t, ['--workers', '2', '--limit', '20'])
    assert.ok(share < 0.4, `${share} of the file`)
  })
})
