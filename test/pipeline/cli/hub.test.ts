import assert from 'node:assert/strict'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { SAMPLE_DATA, sluice } from './bin.ts'

const TOKEN = 'hf_thisisthecanary'
const DATASET = 'nvidia/Open-SWE-Traces'

/** A Hub that has the sample, and a command that knows no other. */
async function openHub(t: TestContext, options: { urlSeconds?: number; token?: string } = {}) {
  const folder = await temporaryFolder(t)
  const hub = await FakeHub.start({ datasets: { [DATASET]: { main: SAMPLE_DATA } }, ...options })
  t.after(() => hub.close())
  const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'home') }
  const run = (
    out: string,
    from: string,
    more: Readonly<Record<string, string>> = {},
    flags: string[] = [],
  ) =>
    sluice(['run', '--from', from, '--out', out, '--events', 'ndjson', ...flags], {
      cwd: folder,
      env: { ...env, ...more },
    })
  return { hub, folder, run }
}

/** Everything that a run wrote and that must not depend on how, by file. */
async function outputOf(folder: string): Promise<Record<string, string>> {
  const files = (await filesBelow(folder)).filter((file) => file !== 'run.json')
  const contents = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'base64')))
  return Object.fromEntries(files.map((file, at) => [file, contents[at]!]))
}

/** The dataset's files at a commit, as huggingface_hub would have them in its cache. */
async function fillCache(folder: string, commit: string): Promise<void> {
  const repository = path.join(folder, 'home/hub/datasets--nvidia--Open-SWE-Traces')
  await cp(SAMPLE_DATA, path.join(repository, 'snapshots', commit), { recursive: true })
  await mkdir(path.join(repository, 'refs'), { recursive: true })
  await writeFile(path.join(repository, 'refs/main'), commit)
}

test('a run over the Hub writes what a run over the local cache of the same commit writes', async (t) => {
  const { hub, folder, run } = await openHub(t)
  const uri = `hf://datasets/${DATASET}`
  const remote = await run('remote', uri, {}, ['--workers', '2'])
  assert.equal(remote.code, 0, remote.stderr + remote.stdout)
  assert.ok(hub.seen.some(({ on }) => on === 'cdn'))
  await fillCache(folder, hub.commit(DATASET))
  hub.seen.length = 0
  const cached = await run('cached', uri, {}, ['--workers', '1'])
  assert.equal(cached.code, 0, cached.stderr + cached.stdout)
  assert.deepEqual(new Set(hub.seen.map(({ on }) => on)), new Set(['api']))
  hub.seen.length = 0
  const offline = await run('offline', uri, { HF_HUB_OFFLINE: '1' }, ['--runner', 'direct'])
  assert.equal(offline.code, 0, offline.stderr + offline.stdout)
  assert.deepEqual(hub.seen, [])
  const { 'manifest.json': manifest, ...output } = await outputOf(path.join(folder, 'remote'))
  for (const other of ['cached', 'offline']) {
    const { 'manifest.json': _, ...same } = await outputOf(path.join(folder, other))
    assert.deepEqual(same, output)
  }
  const { sources } = JSON.parse(Buffer.from(manifest!, 'base64').toString())
  for (const source of sources) {
    assert.ok(source.file.startsWith(`${uri}@${hub.commit(DATASET)}/`))
    assert.match(source.sha256, /^[0-9a-f]{64}$/)
    assert.equal(source.verified, 'in part')
  }
})

test('a file in the cache that is not what the Hub says is refused', async (t) => {
  const { hub, folder, run } = await openHub(t)
  await fillCache(folder, hub.commit(DATASET))
  const snapshot = path.join(
    folder,
    'home/hub/datasets--nvidia--Open-SWE-Traces/snapshots',
    hub.commit(DATASET),
  )
  const file = path.join(snapshot, 'openhands/scripted_v1/small-bugs/train-00000-of-00001.parquet')
  const bytes = await readFile(file)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(file, bytes)
  const { code, stdout } = await run('out', `hf://datasets/${DATASET}`)
  assert.equal(code, 3, stdout)
  assert.match(stdout, /its SHA-256 is another/)
})

test('a branch that moves while a run reads it changes nothing', async (t) => {
  const { hub, folder, run } = await openHub(t)
  const pinned = await run('pinned', `hf://datasets/${DATASET}@${hub.commit(DATASET)}`)
  assert.equal(pinned.code, 0, pinned.stderr + pinned.stdout)
  const moved = path.join(folder, 'moved')
  await cp(SAMPLE_DATA, moved, { recursive: true })
  await rm(path.join(moved, 'openhands'), { recursive: true })
  // Everything but the first question, which commit it is, waits until the branch has moved.
  hub.faults.add({
    kind: 'status',
    status: 503,
    headers: { 'retry-after': '1' },
    on: 'api',
    times: 1,
    skip: 1,
  })
  const running = run('moving', `hf://datasets/${DATASET}@main`)
  while (hub.seen.filter(({ on }) => on === 'api').length < 4)
    await new Promise((done) => setTimeout(done, 10))
  hub.push(DATASET, 'main', moved)
  assert.equal((await running).code, 0)
  const { 'manifest.json': _, ...output } = await outputOf(path.join(folder, 'moving'))
  const { 'manifest.json': __, ...wanted } = await outputOf(path.join(folder, 'pinned'))
  assert.deepEqual(output, wanted)
})

test('globs, folders and single files of a dataset are read', async (t) => {
  const { run } = await openHub(t)
  const all = 'hf://datasets/nvidia/Open-SWE-Traces'
  for (const [pattern, files] of [
    ['openhands/**', 1],
    ['{openhands,sweagent}/**/*.parquet', 2],
    ['minisweagent', 1],
    ['minisweagent/scripted_v1/small-bugs/train-00000-of-00001.parquet', 1],
  ] as const) {
    const { code, stdout } = await run('globs', `${all}/${pattern}`, {}, ['--fresh', '--limit', '3'])
    assert.equal(code, 0, stdout)
    const planned = JSON.parse(stdout.split('\n')[0]!)
    assert.ok(planned.files.length <= files && planned.files.length > 0, stdout)
  }
  const { code, stdout } = await run('none', `${all}/nothing/**`)
  assert.equal(code, 3)
  assert.match(stdout, /nothing\/\*\* holds no files/)
})

test('addresses that expire at once still let a run come to its end', async (t) => {
  const { hub, run } = await openHub(t, { urlSeconds: 0.2 })
  const { code, stdout } = await run('out', `hf://datasets/${DATASET}`)
  assert.equal(code, 0, stdout)
  assert.ok(hub.seen.filter(({ on }) => on === 'resolve').length >= 4)
})

test('the token appears in nothing that a run writes or says', async (t) => {
  const { hub, folder, run } = await openHub(t, { token: TOKEN })
  const good = await run('good', `hf://datasets/${DATASET}`, { HF_TOKEN: TOKEN })
  assert.equal(good.code, 0, good.stdout)
  hub.faults.add({ kind: 'status', status: 403, on: 'resolve', times: 1000 })
  const refused = await run('refused', `hf://datasets/${DATASET}`, { HF_TOKEN: TOKEN })
  assert.equal(refused.code, 3)
  const said = [good, refused].map(({ stdout, stderr }) => stdout + stderr).join('')
  const written = Object.values(await outputOf(path.join(folder, 'good'))).map((text) =>
    Buffer.from(text, 'base64').toString('latin1'),
  )
  for (const text of [said, ...written]) assert.ok(!text.includes(TOKEN) && !text.includes('Signature='))
})

test('offline, a dataset that was never fetched is refused with advice', async (t) => {
  const { run } = await openHub(t)
  const { code, stdout } = await run('out', `hf://datasets/${DATASET}`, { HF_HUB_OFFLINE: '1' })
  assert.equal(code, 3)
  assert.match(stdout, /is not in the cache .* HF_HUB_OFFLINE/)
})
