import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { readFinishedOutput } from '../../../sinks/hub/finished-output.ts'
import { HubPush } from '../../../sinks/hub/hub-push.ts'
import { type PushWishes, pushTarget } from '../../../sinks/hub/push-target.ts'
import { HttpClient } from '../../../sources/hub/http-client.ts'
import { hubSettings } from '../../../sources/hub/hub-settings.ts'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import type { FaultKind, UploadStep } from '../../support/fake-hub/faults.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { writeOutput } from './sample-output.ts'

const TOKEN = 'hf_thisisthecanary'
const DATASET = 'a/b'
const LARGE = randomBytes(300_000)
const CONTENTS = {
  'data/train-00000.jsonl': '{"messages":[]}\n{"messages":[]}\n',
  'analysis/trajectories-00000.parquet': LARGE,
  'ledger/decisions-00000.parquet': randomBytes(1000),
}
const PUSHED = [...Object.keys(CONTENTS), 'manifest.json', 'README.md']

interface OpenOptions {
  readonly before?: Readonly<Record<string, string>>
  readonly partBytes?: number
  readonly private?: readonly string[]
  readonly headers?: number
  readonly storage?: string
}

/** A Hub with a dataset, an output, and pushes of it. */
async function openHub(
  t: TestContext,
  { before = { '.gitattributes': '' }, headers = 1000, ...options }: OpenOptions = {},
) {
  const folder = await temporaryFolder(t)
  const there = path.join(folder, 'there')
  for (const [name, content] of Object.entries(before)) {
    await mkdir(path.dirname(path.join(there, name)), { recursive: true })
    await writeFile(path.join(there, name), content)
  }
  const out = path.join(folder, 'out')
  await writeOutput(out, CONTENTS)
  const hub = await FakeHub.start({ datasets: { [DATASET]: { main: there } }, token: TOKEN, ...options })
  t.after(() => hub.close())
  const env = {
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: path.join(folder, 'home'),
    HF_TOKEN: TOKEN,
    HF_HUB_DOWNLOAD_TIMEOUT: String(headers / 1000),
  }
  const push = async (wishes: Partial<PushWishes> = {}, signal: AbortSignal = t.signal) => {
    const http = new HttpClient(hubSettings(env), {})
    const target = pushTarget({ to: DATASET, ...wishes })
    const pushing = new HubPush(target, signal, http)
    try {
      return await pushing.push(await readFinishedOutput(out, { ...target, signal }))
    } finally {
      await pushing.close()
    }
  }
  return { hub, out, push, files: (branch = 'main') => hub.made.files(DATASET, branch) }
}

function assertPushed(files: ReadonlyMap<string, Buffer>): void {
  assert.deepEqual([...files.keys()].sort(), ['.gitattributes', ...PUSHED].sort())
  for (const [name, content] of Object.entries(CONTENTS))
    assert.ok(files.get(name)!.equals(Buffer.from(content as Buffer)), name)
}

for (const partBytes of [undefined, 70_000])
  test(`an output is pushed as one commit, uploaded ${partBytes ? 'in parts' : 'as a whole'}`, async (t) => {
    const { hub, push, files } = await openHub(t, { ...(partBytes && { partBytes }) })
    const { isNew, commit } = await push()
    assert.ok(isNew)
    assert.equal(commit, hub.commit(DATASET))
    assertPushed(files())
    assert.deepEqual(hub.made.summaries, ['Push 2 trajectories of trace-sluice 0.1.0'])
    const stores = hub.seen.filter(({ on }) => on === 'store')
    assert.equal(stores.length, partBytes ? Math.ceil(LARGE.length / partBytes) + 1 : 2)
  })

test('the same output again makes no commit and uploads nothing', async (t) => {
  const { hub, push } = await openHub(t)
  const { commit } = await push()
  hub.seen.length = 0
  const again = await push()
  assert.deepEqual({ isNew: again.isNew, commit: again.commit }, { isNew: false, commit })
  assert.deepEqual(new Set(hub.seen.map(({ on }) => on)), new Set(['api']))
  assert.equal(hub.made.summaries.length, 1)
})

test('another output takes out what the earlier one left, and nothing else', async (t) => {
  const { out, push, files } = await openHub(t, {
    before: { '.gitattributes': '', 'notes/own.txt': 'mine', 'failed/own.txt': 'mine' },
  })
  await push()
  await rm(out, { recursive: true })
  await writeOutput(out, { 'data/train-00000.parquet': randomBytes(10) })
  const { changes } = await push()
  assert.deepEqual(changes.deleted, Object.keys(CONTENTS).sort())
  assert.deepEqual(
    [...files().keys()].sort(),
    [
      '.gitattributes',
      'README.md',
      'data/train-00000.parquet',
      'failed/own.txt',
      'manifest.json',
      'notes/own.txt',
    ].sort(),
  )
})

test('data that no push left there keep everything from being pushed', async (t) => {
  const { hub, push } = await openHub(t, { before: { 'data/other.parquet': 'x' } })
  await assert.rejects(push(), { code: 'USAGE', message: /holds data\/other\.parquet, which no push left/ })
  assert.deepEqual(hub.made.summaries, [])
})

test('a card that was written by hand stays, and one of ours is replaced', async (t) => {
  const { out, push, files } = await openHub(t, { before: { 'README.md': '# By hand' } })
  const { changes } = await push()
  assert.ok(changes.keepsCard)
  assert.equal(String(files().get('README.md')), '# By hand')
  await writeFile(path.join(out, 'README.md'), '<!-- Written by `sluice push`. -->')
  await push()
  await rm(path.join(out, 'README.md'))
  await push()
  assert.match(String(files().get('README.md')), /^---\nlicense: mit\n/)
})

test('the token goes to the Hub and not to the storage', async (t) => {
  for (const partBytes of [undefined, 70_000]) {
    const { hub, push } = await openHub(t, { ...(partBytes && { partBytes }) })
    await push()
    const stores = hub.seen.filter(({ on }) => on === 'store')
    assert.ok(stores.length > 0)
    for (const { authorization } of stores) assert.equal(authorization, null)
    for (const seen of hub.seen.filter(({ on }) => on !== 'store'))
      assert.equal(seen.authorization, `Bearer ${TOKEN}`)
  }
})

test('whoever the Hub or the storage sends us on to is not told the token', async (t) => {
  const { hub, push, files } = await openHub(t)
  const elsewhere = await FakeHub.start({ datasets: {} })
  t.after(() => elsewhere.close())
  hub.faults.add({ kind: 'redirect', location: `${elsewhere.cdn}/object/x`, on: 'store', times: 1 })
  await push()
  assertPushed(files())
  hub.faults.add({ kind: 'redirect', location: `${elsewhere.cdn}/x`, on: 'preupload', times: 1 })
  await assert.rejects(push({ to: 'a/c', create: true }), { code: 'STEP_FAILED' })
  assert.ok(elsewhere.seen.length >= 2)
  for (const { authorization } of elsewhere.seen) assert.equal(authorization, null)
})

test('nothing is sent to a storage that is no host of the Hub', async (t) => {
  const { hub, push } = await openHub(t, { storage: 'https://evil.example' })
  const before = hub.commit(DATASET)
  await assert.rejects(push(), {
    code: 'STEP_FAILED',
    message:
      /https:\/\/evil\.example\/object\/[0-9a-f]+\?… is not asked: evil\.example is no host of the Hub/,
  })
  assert.equal(hub.commit(DATASET), before)
})

const FAULTS: Readonly<Record<string, FaultKind>> = {
  'answers 429': { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  'answers 500': { kind: 'status', status: 500, headers: { 'retry-after': '0' } },
  'resets the connection': { kind: 'reset' },
  'lets a captive portal answer': { kind: 'portal' },
}
const STEPS: readonly UploadStep[] = ['create', 'preupload', 'batch', 'store', 'complete', 'commit']

for (const on of STEPS)
  for (const [name, kind] of Object.entries(FAULTS))
    test(`a Hub that ${name}, asked to ${on}, is asked again, and one commit is made`, async (t) => {
      const { hub, push, files } = await openHub(t, { partBytes: 70_000 })
      hub.faults.add({ ...kind, on, times: 2 })
      await push({ revision: 'other', create: true })
      assertPushed(files('other'))
      assert.equal(hub.made.summaries.length, 1)
    })

test('an address of the storage that has expired is asked for anew', async (t) => {
  const { hub, push, files } = await openHub(t, { partBytes: 70_000 })
  hub.faults.add({ kind: 'status', status: 403, on: 'store', times: 1, skip: 2 })
  await push()
  assertPushed(files())
  assert.equal(hub.seen.filter(({ on }) => on === 'batch').length, 2)
})

test('a commit whose answer is lost is found to be there, and is not made twice', async (t) => {
  const { hub, push, files } = await openHub(t)
  hub.faults.add({ kind: 'reset', after: 0, on: 'commit', times: 1 })
  const { isNew, commit } = await push()
  assert.ok(isNew)
  assert.equal(commit, hub.commit(DATASET))
  assertPushed(files())
  assert.deepEqual([hub.made.summaries.length, hub.seen.filter(({ on }) => on === 'commit').length], [1, 1])
})

test('where neither the commit nor a look at it is answered, that is said', async (t) => {
  const { hub, push } = await openHub(t)
  hub.faults.add({ kind: 'reset', after: 0, on: 'commit', times: 1 })
  hub.faults.add({ kind: 'status', status: 400, on: 'api', times: 1000, skip: 3 })
  await assert.rejects(push(), { code: 'STEP_FAILED', message: /it is not known whether a\/b was changed/ })
  hub.faults.clear()
  assert.equal((await push()).isNew, false)
})

test('more small files than a commit carries are refused before anything is sent', async (t) => {
  const { hub, out, push } = await openHub(t)
  const shard = Buffer.alloc(9 << 20, ' ')
  const shards = Array.from({ length: 12 }, (_, at) => [
    `data/train-${String(at).padStart(5, '0')}.jsonl`,
    shard,
  ])
  await rm(out, { recursive: true })
  await writeOutput(out, Object.fromEntries(shards))
  await assert.rejects(push(), {
    code: 'USAGE',
    message: /at most 100 MiB .* these are 109: .*--shard-bytes/,
  })
  assert.ok(!hub.seen.some(({ method }) => method !== 'GET'))
})

for (const on of ['preupload', 'batch', 'store', 'complete', 'commit'] as const)
  test(`a Hub that refuses to ${on} leaves the branch as it was`, async (t) => {
    const { hub, push, files } = await openHub(t, { partBytes: 70_000 })
    const before = hub.commit(DATASET)
    hub.faults.add({ kind: 'status', status: 400, on, times: 1000 })
    await assert.rejects(push(), (error: Error & { code: string }) => {
      assert.equal(error.code, 'STEP_FAILED')
      assert.doesNotMatch(error.message + (error.cause ?? ''), /Signature=|hf_this/)
      return true
    })
    assert.equal(hub.commit(DATASET), before)
    assert.deepEqual([...files().keys()], ['.gitattributes'])
  })

test('a branch that moves while a push goes on is left alone', async (t) => {
  const { hub, push } = await openHub(t)
  const other = await temporaryFolder(t)
  await writeFile(path.join(other, 'other.txt'), 'x')
  hub.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, on: 'commit', times: 1 })
  const pushing = push()
  while (!hub.seen.some(({ on }) => on === 'commit')) await new Promise((done) => setTimeout(done, 10))
  hub.push(DATASET, 'main', other)
  const moved = hub.commit(DATASET)
  await assert.rejects(pushing, { code: 'STEP_FAILED', message: /has moved to .*push again/ })
  assert.equal(hub.commit(DATASET), moved)
})

test('a push that is cancelled stops, and changes nothing', async (t) => {
  const { hub, push } = await openHub(t)
  const before = hub.commit(DATASET)
  hub.faults.add({ kind: 'status', status: 503, headers: { 'retry-after': '300' }, on: 'store', times: 9 })
  const cancel = new AbortController()
  const pushing = push({}, cancel.signal)
  while (!hub.seen.some(({ on }) => on === 'store')) await new Promise((done) => setTimeout(done, 10))
  cancel.abort()
  await assert.rejects(pushing, { name: 'AbortError' })
  assert.equal(hub.commit(DATASET), before)
})

test('a repository that is not there is made where that is asked for, private where that is', async (t) => {
  const { hub, push } = await openHub(t)
  await assert.rejects(push({ to: 'a/new' }), {
    code: 'USAGE',
    message: /no dataset a\/new.*--create makes it/,
  })
  await push({ to: 'a/new', create: true, private: true })
  assert.ok(hub.made.isPrivate('a/new'))
  await push({ to: 'a/open', create: true })
  assert.ok(!hub.made.isPrivate('a/open'))
  assert.equal(hub.made.summaries.length, 2)
})

test('a branch that is not there is made where that is asked for', async (t) => {
  const { push, files } = await openHub(t)
  await assert.rejects(push({ revision: 'v2' }), { code: 'USAGE', message: /no branch v2: --create/ })
  await push({ revision: 'v2', create: true })
  assertPushed(files('v2'))
  assert.deepEqual([...files('main').keys()], ['.gitattributes'])
})

test('a public repository is refused where a private one is asked for', async (t) => {
  const { hub, push } = await openHub(t)
  await assert.rejects(push({ private: true }), { code: 'USAGE', message: /a\/b is public/ })
  assert.deepEqual(hub.made.summaries, [])
  const other = await openHub(t, { private: [DATASET] })
  assert.ok((await other.push({ private: true })).isNew)
})

for (const [file, on] of [
  ['data/train-00000.jsonl', 'preupload'],
  ['analysis/trajectories-00000.parquet', 'store'],
] as const)
  test(`${file} is not pushed when it changes after it was looked at`, async (t) => {
    const { hub, out, push } = await openHub(t)
    const before = hub.commit(DATASET)
    hub.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, on, times: 2 })
    const pushing = push()
    while (!hub.seen.some((seen) => seen.on === on)) await new Promise((done) => setTimeout(done, 10))
    await writeFile(path.join(out, file), 'other')
    await assert.rejects(pushing, { code: 'STEP_FAILED', message: /a file was changed while it was pushed/ })
    assert.equal(hub.commit(DATASET), before)
  })
