import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { HttpClient } from '../../../sources/hub/http-client.ts'
import { type DatasetFile, listDataset } from '../../../sources/hub/hub-dataset.ts'
import { HubFile } from '../../../sources/hub/hub-file.ts'
import { hubSettings } from '../../../sources/hub/hub-settings.ts'
import { parseHubUri } from '../../../sources/hub/hub-uri.ts'
import { resolveFile } from '../../../sources/hub/resolved-file.ts'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import type { FaultKind } from '../../support/fake-hub/faults.ts'
import { temporaryFolder } from '../../support/runners.ts'

const CONTENT = randomBytes(3 << 20)
const TOKEN = 'hf_thisisthecanary'

/** A Hub with one file, and a client of it that gives up soon. */
async function openHub(
  t: TestContext,
  options: { urlSeconds?: number; token?: string; claims?: readonly string[] } = {},
) {
  const folder = await temporaryFolder(t)
  await writeFile(path.join(folder, 'file.parquet'), CONTENT)
  const hub = await FakeHub.start({ datasets: { 'a/b': { main: folder } }, ...options })
  const settings = hubSettings({
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: path.join(folder, 'home'),
    HF_HUB_DOWNLOAD_TIMEOUT: '0.3',
    ...(options.token && { HF_TOKEN: options.token }),
  })
  const http = new HttpClient(settings, {})
  t.after(async () => {
    await http.close()
    await hub.close()
  })
  return { hub, http, folder }
}

async function openFile(http: HttpClient, signal: AbortSignal): Promise<HubFile> {
  const [file] = await listDataset(http, parseHubUri('hf://datasets/a/b'), signal)
  return openListed(http, file!, signal)
}

async function openListed(http: HttpClient, file: DatasetFile, signal: AbortSignal): Promise<HubFile> {
  const resolved = await resolveFile(http, file, file, signal)
  return new HubFile({ http, file: resolved, sha256: file.sha256, signal })
}

async function assertReads(file: HubFile): Promise<void> {
  for (const [offset, length] of [
    [0, 1],
    [1000, 2 << 20],
    [CONTENT.length - 5, 5],
  ] as const)
    assert.ok((await file.read(offset, length)).equals(CONTENT.subarray(offset, offset + length)))
}

test('ranges come as they are on the Hub, by one resolve', async (t) => {
  const { hub, http } = await openHub(t)
  await assertReads(await openFile(http, t.signal))
  assert.deepEqual(
    hub.seen.map(({ on }) => on),
    ['api', 'api', 'resolve', 'cdn', 'cdn', 'cdn'],
  )
})

const FAULTS: Readonly<Record<string, FaultKind>> = {
  'resets the connection': { kind: 'reset' },
  'resets the connection amid the bytes': { kind: 'reset', after: 500_000 },
  'ends early': { kind: 'truncate', after: 500_000 },
  'gives fewer bytes, and says so': { kind: 'short', by: 10 },
  drips: { kind: 'drip', bytes: 64, every: 50 },
  stalls: { kind: 'stall', after: 500_000 },
  'answers 503': { kind: 'status', status: 503, headers: { 'retry-after': '0' } },
  'answers 429 with a rate limit': { kind: 'status', status: 429, headers: { ratelimit: '"cdn";r=0;t=0' } },
  'refuses the address': { kind: 'status', status: 403 },
  'lets a captive portal answer': { kind: 'portal' },
  'ignores the range': { kind: 'ignore-range' },
  'has another version for once': { kind: 'etag' },
}

for (const [name, kind] of Object.entries(FAULTS))
  test(`the bytes are right though the CDN ${name}`, async (t) => {
    const { hub, http } = await openHub(t)
    const file = await openFile(http, t.signal)
    await file.read(0, 1)
    hub.faults.add({ ...kind, on: 'cdn', times: 2 })
    await assertReads(file)
  })

for (const [name, kind] of Object.entries({
  'resets the connection': { kind: 'reset' },
  'answers 500': { kind: 'status', status: 500, headers: { 'retry-after': '0' } },
} satisfies Record<string, FaultKind>))
  for (const on of ['api', 'resolve'] as const)
    test(`the bytes are right though the Hub ${name}, asked for ${on}`, async (t) => {
      const { hub, http } = await openHub(t)
      hub.faults.add({ ...kind, on, times: 2 })
      await assertReads(await openFile(http, t.signal))
    })

test('a captive portal in the place of the list of files is tried again', async (t) => {
  const { hub, http } = await openHub(t)
  hub.faults.add({ kind: 'portal', on: 'api', times: 1 })
  await assertReads(await openFile(http, t.signal))
})

test('an address that expires is asked for anew', async (t) => {
  const { hub, http } = await openHub(t, { urlSeconds: 0.05 })
  const file = await openFile(http, t.signal)
  await new Promise((done) => setTimeout(done, 100))
  await assertReads(file)
  assert.ok(hub.seen.filter(({ on }) => on === 'resolve').length >= 2)
})

test('a Hub that keeps failing ends with an error that names the file and no secret', async (t) => {
  const { hub, http } = await openHub(t)
  const file = await openFile(http, t.signal)
  hub.faults.add({ kind: 'status', status: 500, headers: { 'retry-after': '0' }, on: 'cdn', times: 100 })
  await assert.rejects(file.read(0, 10), (error: Error) => {
    assert.match(error.message, /file\.parquet of a\/b can't be read: the answer is 500/)
    assert.doesNotMatch(error.message, /Signature=/)
    return true
  })
})

test('the token goes to the Hub alone, whatever answers ask for', async (t) => {
  const { hub, http } = await openHub(t, { token: TOKEN })
  const elsewhere = await FakeHub.start({ datasets: {} })
  t.after(() => elsewhere.close())
  const file = await openFile(http, t.signal)
  hub.faults.add({ kind: 'redirect', location: `${elsewhere.endpoint}/x`, on: 'cdn', times: 1 })
  assert.ok((await file.read(0, 10)).equals(CONTENT.subarray(0, 10)))
  hub.faults.add({ kind: 'redirect', location: `${elsewhere.cdn}/x`, on: 'api', times: 1 })
  await assert.rejects(openFile(http, t.signal))
  const all = [...hub.seen.filter(({ on }) => on === 'cdn'), ...elsewhere.seen]
  assert.ok(all.length > 0)
  for (const { authorization } of all) assert.equal(authorization, null)
  assert.ok(hub.seen.some(({ authorization }) => authorization === `Bearer ${TOKEN}`))
})

test('a redirect to a host that is not allowed is not followed', async (t) => {
  const { hub, http } = await openHub(t)
  const file = await openFile(http, t.signal)
  hub.faults.add({ kind: 'redirect', location: 'http://evil.example/x?secret=1', on: 'cdn', times: 1 })
  await assert.rejects(file.read(0, 10), {
    message: /http:\/\/evil\.example\/x\?… evil\.example is no host of the Hub/,
  })
})

test('without a token a private dataset is refused with advice', async (t) => {
  const { hub, folder } = await openHub(t, { token: TOKEN })
  const http = new HttpClient(
    hubSettings({ HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'home') }),
    {},
  )
  t.after(() => http.close())
  await assert.rejects(openFile(http, t.signal), { code: 'SOURCE_UNREADABLE', message: /set HF_TOKEN/ })
})

for (const name of [
  '../../etc/passwd',
  'data//x.parquet',
  '/x.parquet',
  'a/./b',
  'x\ny.parquet',
  'x\u001b[2J',
])
  test(`a file that is listed as ${JSON.stringify(name)} ends the run`, async (t) => {
    const { http } = await openHub(t, { claims: [name] })
    await assert.rejects(openFile(http, t.signal), {
      code: 'SOURCE_UNREADABLE',
      message: /a file that can't be named so/,
    })
  })

test('a run that is cancelled stops waiting for the Hub', async (t) => {
  const { hub, http } = await openHub(t)
  const cancel = new AbortController()
  const file = await openFile(http, cancel.signal)
  hub.faults.add({ kind: 'status', status: 503, headers: { 'retry-after': '300' }, on: 'cdn', times: 9 })
  const reading = file.read(0, 10)
  setTimeout(() => cancel.abort(), 50)
  await assert.rejects(reading, { name: 'AbortError' })
})
