import assert from 'node:assert/strict'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { FakeHub } from '../../support/fake-hub/fake-hub.ts'
import { pythonWith } from '../../support/python.ts'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { SAMPLE, SAMPLE_DATA, sluice } from './bin.ts'

const TOKEN = 'hf_thisisthecanary'
const WRITES = ['create', 'preupload', 'batch', 'store', 'complete', 'commit']

/** An empty Hub and the command that knows no other. */
async function openHub(t: TestContext) {
  const folder = await temporaryFolder(t)
  const hub = await FakeHub.start({ datasets: {}, token: TOKEN })
  t.after(() => hub.close())
  const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: path.join(folder, 'home'), HF_TOKEN: TOKEN }
  const run = (args: readonly string[], other: Readonly<Record<string, string>> = {}) =>
    sluice(args, { cwd: folder, env: { ...env, ...other } })
  return { hub, folder, env, run }
}

/** The output of a run over the sample, in a folder of the test's own. */
let sampleOutput: Promise<string> | undefined
async function outputOf(t: TestContext, folder: string): Promise<string> {
  const out = path.join(folder, 'out')
  await cp(await sampleOutput!, out, { recursive: true })
  t.after(() => rm(out, { recursive: true, force: true }))
  return out
}

before(async (t) => {
  const folder = await temporaryFolder(t as TestContext)
  const out = path.join(folder, 'out')
  const { code, stderr } = await sluice(
    ['run', SAMPLE, '--out', out, '--format', 'parquet', '--profile', 'canonical', '--workers', '1'],
    { cwd: folder },
  )
  assert.equal(code, 0, stderr)
  sampleOutput = Promise.resolve(out)
})

test('what is pushed is the output, byte for byte, without what tells of the host', async (t) => {
  const { hub, folder, run } = await openHub(t)
  const out = await outputOf(t, folder)
  const { code, stdout, stderr } = await run(['push', 'out', 'me/sample', '--create', '--private'])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /Pushed to me\/sample at main, 6 files/)
  assert.ok(hub.made.isPrivate('me/sample'))
  const files = hub.made.files('me/sample', 'main')
  const local = (await filesBelow(out)).filter((name) => name !== 'run.json' && !name.startsWith('failed/'))
  assert.deepEqual([...files.keys()].sort(), ['.gitattributes', 'README.md', ...local].sort())
  for (const name of local) assert.ok(files.get(name)!.equals(await readFile(path.join(out, name))), name)
  const again = await run(['push', 'out', 'me/sample'])
  assert.equal(again.code, 0, again.stderr)
  assert.match(again.stdout, /Nothing to push: all of it is there already/)
  assert.equal(hub.made.summaries.length, 1)
})

test('a dry run says what would be pushed, with the card, and sends nothing that writes', async (t) => {
  const { hub, folder, run } = await openHub(t)
  await outputOf(t, folder)
  const { code, stdout, stderr } = await run(['push', 'out', 'me/sample', '--create', '--dry-run'])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /To me\/sample, which is made, at main\n\nOne commit, 6 files/)
  assert.match(stdout, /\+ {2}data\/train-00000\.parquet/)
  assert.match(stdout, /license: other/)
  assert.ok(hub.seen.length > 0 && !hub.seen.some(({ on }) => WRITES.includes(on)))
})

test('without a token nothing is asked', async (t) => {
  const { hub, folder, run } = await openHub(t)
  await outputOf(t, folder)
  for (const args of [
    ['push', 'out', 'me/sample'],
    ['run', '--from', SAMPLE_DATA, '--out', 'other', '--push', 'me/sample'],
  ]) {
    const { code, stderr } = await run(args, { HF_TOKEN: '' })
    assert.equal(code, 2)
    assert.match(stderr, /a push needs a token that may write: set HF_TOKEN/)
  }
  assert.deepEqual(hub.seen, [])
})

test('a name that is none is refused before anything is asked', async (t) => {
  const { hub, folder, run } = await openHub(t)
  await outputOf(t, folder)
  assert.equal((await run(['push', 'out', '../../x'])).code, 2)
  assert.equal((await run(['push', 'out', 'a/b', '--revision', '../x'])).code, 2)
  assert.equal((await run(['push', 'nowhere', 'a/b'])).code, 2)
  assert.deepEqual(hub.seen, [])
})

test('the token appears in nothing that a push says', async (t) => {
  const { hub, folder, run } = await openHub(t)
  await outputOf(t, folder)
  hub.faults.add({ kind: 'status', status: 400, on: 'store', times: 1000 })
  const ended = await run(['push', 'out', 'me/sample', '--create', '--verbose'])
  assert.equal(ended.code, 5)
  assert.doesNotMatch(ended.stdout + ended.stderr, /thisisthecanary|Signature=/)
})

test('a run pushes its output when it is complete, and its manifest is the one of a run that does not', async (t) => {
  const { hub, folder, run } = await openHub(t)
  await writeFile(
    path.join(folder, 'recipe.yaml'),
    `from: [${SAMPLE_DATA}]\nformat: parquet\npush: { to: me/other, create: true }\n`,
  )
  const pushing = await run(['run', 'recipe.yaml', '--push', 'me/sample', '--events', 'ndjson'])
  assert.equal(pushing.code, 0, pushing.stderr + pushing.stdout)
  const events = pushing.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    events.slice(-2).map(({ event }) => event),
    ['pushed', 'done'],
  )
  assert.equal(events.at(-2).commit, hub.commit('me/sample'))
  const without = await run(['run', 'recipe.yaml', '--no-push', '--out', 'without'])
  assert.equal(without.code, 0, without.stderr)
  const manifest = await readFile(path.join(folder, 'without/manifest.json'))
  assert.ok(manifest.equals(hub.made.files('me/sample', 'main').get('manifest.json')!))
  assert.equal(hub.made.summaries.length, 1)
})

test('a run whose push fails is complete all the same, and says how to push it', async (t) => {
  const { hub, folder, run } = await openHub(t)
  hub.faults.add({ kind: 'status', status: 403, on: 'preupload', times: 1 })
  const args = ['run', '--from', SAMPLE_DATA, '--push', 'me/sample', '--push-create', '--out', 'out']
  const { code, stdout, stderr } = await run(args)
  assert.equal(code, 5)
  assert.match(stdout, /of 100 trajectories kept/)
  assert.match(
    stderr,
    /the run is complete in out, and its push to me\/sample is not: .*sluice push out me\/sample does it later/s,
  )
  assert.equal((await run(['push', 'out', 'me/sample'])).code, 0)
  assert.ok((await filesBelow(path.join(folder, 'out'))).includes('manifest.json'))
})

test('a push that is stopped by a signal leaves the branch as it was, and the run complete', async (t) => {
  const { hub, folder, env, run } = await openHub(t)
  await outputOf(t, folder)
  assert.equal((await run(['push', 'out', 'me/sample', '--create'])).code, 0)
  const before = hub.commit('me/sample')
  hub.faults.add({ kind: 'status', status: 503, headers: { 'retry-after': '300' }, on: 'store', times: 9 })
  const { code, stdout, stderr } = await sluice(
    ['run', '--from', SAMPLE_DATA, '--out', 'other', '--push', 'me/sample', '--format', 'parquet'],
    {
      cwd: folder,
      env,
      onStderr: (soFar, kill) => {
        if (soFar.includes('comparing the files') && !soFar.includes('SIGTERM')) kill('SIGTERM')
      },
    },
  )
  assert.equal(code, 143, stderr)
  assert.match(stdout, /of 100 trajectories kept/)
  assert.match(stderr, /stopped by SIGTERM: the run is complete in other, and its push to me\/sample is not/)
  assert.equal(hub.commit('me/sample'), before)
})

test('what was pushed can be the source of a run', async (t) => {
  const { folder, run } = await openHub(t)
  await outputOf(t, folder)
  assert.equal((await run(['push', 'out', 'me/sample', '--create'])).code, 0)
  // By its path, and as the card names it.
  for (const from of ['hf://datasets/me/sample/data/*.parquet', 'hf://datasets/me/sample?config=default']) {
    const { code, stdout, stderr } = await run(['run', '--from', from, '--out', 'second', '--fresh'])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /38 of 38 trajectories kept/)
  }
})

const python = pythonWith('datasets', 'huggingface_hub')

test('datasets reads the configurations of the card', { skip: python.skip }, async (t) => {
  if (python.skip !== false) return
  const { folder, env, run } = await openHub(t)
  await outputOf(t, folder)
  await run(['run', SAMPLE, '--out', 'lines', '--format', 'jsonl', '--compression', 'zstd'])
  for (const [out, dataset] of [
    ['out', 'me/tables'],
    ['lines', 'me/lines'],
  ] as const) {
    const pushed = await run(['push', out, dataset, '--create', '--revision', 'v1'])
    assert.equal(pushed.code, 0, pushed.stderr)
  }
  const said = await python.runAsync(
    `
import json
from datasets import get_dataset_config_names, load_dataset
def rows(dataset):
    names = get_dataset_config_names(dataset, revision='v1')
    return {name: load_dataset(dataset, name, revision='v1', split='train').num_rows for name in names}
print(json.dumps([rows('me/tables'), rows('me/lines')]))
`,
    env,
  )
  assert.deepEqual(JSON.parse(said), [{ default: 38, analysis: 100, ledger: 100 }, { default: 38 }])
})
