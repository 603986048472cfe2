import assert from 'node:assert/strict'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { SAMPLE_DATA, sluice } from './bin.ts'

const TOKEN = 'hf_thisisthecanary'
const DATASET = 'nvidia/Open-SWE-Traces'

/** A Hub that has the sample, and a command that knows no other. */
async function openHub(
  t: TestContext,
  { data = SAMPLE_DATA, ...options }: { data?: string; urlSeconds?: number; token?: string } = {},
) {
  const folder = await temporaryFolder(t)
  const hub = await FakeHub.start({ datasets: { [DATASET]: { main: data } }, ...options })
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
  return { hub, folder, data, run }
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

/** A Hub with the sample's rows as lines: plain, which git keeps itself, and compressed. */
async function openHubOfLines(t: TestContext) {
  const folder = await temporaryFolder(t)
  const made = await sluice(
    ['run', '--from', SAMPLE_DATA, '--out', 'made', '--profile', 'canonical', '--no-csv'],
    { cwd: folder },
  )
  assert.equal(made.code, 0, made.stderr)
  const lines = (await readFile(path.join(folder, 'made/data/train-00000.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
  const data = path.join(folder, 'lines/data')
  await mkdir(data, { recursive: true })
  const text = (from: number, to: number) => Buffer.from(`${lines.slice(from, to).join('\n')}\n`)
  await writeFile(path.join(data, 'a.jsonl'), text(0, 20))
  await writeFile(path.join(data, 'b.jsonl.gz'), gzipSync(text(20, 40)))
  await writeFile(path.join(data, 'c.jsonl.zst'), zstdCompressSync(text(40, 60)))
  await writeFile(path.join(data, 'LICENSE'), 'not lines')
  return openHub(t, { data: path.join(folder, 'lines') })
}

test('JSON lines on the Hub are read as those on the disk are, each byte fetched once', async (t) => {
  const { hub, folder, data, run } = await openHubOfLines(t)
  const remote = await run('remote', `hf://datasets/${DATASET}`, {}, ['--workers', '2'])
  assert.equal(remote.code, 0, remote.stdout)
  const { sources, ignored } = JSON.parse(await readFile(path.join(folder, 'remote/manifest.json'), 'utf8'))
  assert.deepEqual(
    sources.map(({ format, verified, sha256, git_sha1 }: Record<string, string>) => [
      format,
      verified,
      (sha256 ?? git_sha1)!.length,
    ]),
    [
      ['jsonl', 'whole', 40],
      ['jsonl', 'whole', 64],
      ['jsonl', 'whole', 64],
    ],
  )
  assert.match(JSON.stringify(ignored), /LICENSE.*not named like/)
  const { network } = JSON.parse(await readFile(path.join(folder, 'remote/run.json'), 'utf8'))
  const size = sources.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0)
  // The beginnings are looked at by themselves, and lists of files are no bytes of them.
  assert.ok(network.bytes < size + 20_000, `${network.bytes} of ${size}`)
  assert.equal(network.of_bytes, size)
  assert.deepEqual(
    await filesBelow(folder).then((files) => files.filter((file) => /\.part|spool/.test(file))),
    [],
  )
  const local = await run('local', data)
  assert.equal(local.code, 0, local.stdout)
  const rows = async (out: string) =>
    (await readFile(path.join(folder, out, 'data/train-00000.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((row) => ({ ...JSON.parse(row), source_file: '', source_revision: '' }))
  assert.equal((await rows('remote')).length, 60)
  assert.deepEqual(await rows('remote'), await rows('local'))
  hub.seen.length = 0
  const limited = await run('limited', `hf://datasets/${DATASET}`, {}, ['--limit', '30'])
  assert.equal(limited.code, 0, limited.stdout)
  assert.deepEqual(await rows('limited'), (await rows('local')).slice(0, 30))
})

test('lines that are not what was published are refused, and nothing is written', async (t) => {
  const { hub, folder, run } = await openHubOfLines(t)
  hub.faults.add({ kind: 'flip', on: 'cdn', times: 9, skip: 1 })
  const { code, stdout } = await run('out', `hf://datasets/${DATASET}/data/b.jsonl.gz`)
  assert.equal(code, 3, stdout)
  assert.match(stdout, /b\.jsonl\.gz/)
  assert.ok(!(await filesBelow(folder)).some((file) => file.startsWith('out/')))
})

test('--verify-whole holds whole files against their SHA-256 before they are read', async (t) => {
  const { hub, folder, run } = await openHub(t)
  const uri = `hf://datasets/${DATASET}`
  const flags = ['--verify-whole', '--workers', '2']
  const whole = await run('whole', uri, {}, flags)
  assert.equal(whole.code, 0, whole.stdout)
  const parts = await run('parts', uri)
  assert.equal(parts.code, 0, parts.stdout)
  const { 'manifest.json': manifest, ...output } = await outputOf(path.join(folder, 'whole'))
  const { 'manifest.json': _, ...same } = await outputOf(path.join(folder, 'parts'))
  assert.deepEqual(output, same)
  for (const { verified } of JSON.parse(Buffer.from(manifest!, 'base64').toString()).sources)
    assert.equal(verified, 'whole')
  // What is planned is read apart: the footers are asked for before any file is copied.
  hub.faults.add({ kind: 'flip', on: 'cdn', times: 1, skip: 4 })
  const healed = await run('healed', uri, {}, flags)
  assert.equal(healed.code, 0, healed.stdout)
  const { 'manifest.json': __, ...again } = await outputOf(path.join(folder, 'healed'))
  assert.deepEqual(again, output)
  hub.faults.add({ kind: 'flip', on: 'cdn', times: 99, skip: 4 })
  const flipped = await run('flipped', uri, {}, flags)
  assert.equal(flipped.code, 3, flipped.stdout)
  assert.match(flipped.stdout, /not those that were published|damaged/)
})

test('configurations and splits of the card are read, and branches that the Hub makes', async (t) => {
  const data = path.join(await temporaryFolder(t), 'carded')
  await cp(SAMPLE_DATA, data, { recursive: true })
  await writeFile(
    path.join(data, 'README.md'),
    '---\nconfigs:\n- config_name: v1.0\n  data_files:\n  - split: openhands\n    path: openhands/**\n  - split: other\n    path: [sweagent/**, minisweagent/**]\n---\n',
  )
  const { hub, run } = await openHub(t, { data })
  hub.push(DATASET, 'refs/convert/parquet', path.join(SAMPLE_DATA, 'sweagent'))
  const filesOf = async (from: string) => {
    const { code, stdout } = await run('out', from, {}, ['--dry-run'])
    assert.equal(code, 0, stdout)
    const { files } = JSON.parse(stdout)
    return files.map(({ file }: { file: string }) =>
      file.replace(/^.*@[0-9a-f]{40}\//, '').replace(/\/.*/, ''),
    )
  }
  const all = `hf://datasets/${DATASET}`
  assert.deepEqual(await filesOf(`${all}?config=v1.0&split=openhands`), ['openhands'])
  assert.deepEqual(await filesOf(`${all}@main?split=other`), ['minisweagent', 'sweagent'])
  assert.deepEqual(await filesOf(`${all}@main/swe*/**?config=v1.0`), ['sweagent'])
  assert.deepEqual(await filesOf(`${all}@refs/convert/parquet`), ['scripted_v1'])
  const { code, stdout } = await run('out', `${all}?config=v9`)
  assert.equal(code, 3)
  assert.match(stdout, /has no configuration 'v9': it has v1.0\/openhands, v1.0\/other/)
})
