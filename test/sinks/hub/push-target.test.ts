import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pushTarget } from '../../../sinks/hub/push-target.ts'

test('a dataset is named by its owner and name, and main is its branch', () => {
  for (const to of ['me/sample', 'datasets/me/sample', 'hf://datasets/me/sample'])
    assert.deepEqual(pushTarget({ to }), {
      repository: 'me/sample',
      branch: 'main',
      create: false,
      isPrivate: false,
      message: null,
      withFailed: false,
    })
})

for (const to of [
  'sample',
  '',
  '../../x',
  'a/b/c',
  'a/..',
  'a/b@main',
  'a/b?x=1',
  'https://x/y',
  'a/b\n',
  'a/b#c',
])
  test(`${JSON.stringify(to)} is no dataset`, () => {
    assert.throws(() => pushTarget({ to }), { code: 'USAGE', message: /write OWNER\/NAME/ })
  })

for (const revision of [
  '',
  '../x',
  'a b',
  '-x',
  'x.lock',
  'a..b',
  'a//b',
  'x/',
  '.x',
  'a/.x',
  'x~1',
  'é',
  'a'.repeat(40),
])
  test(`${JSON.stringify(revision)} is no branch`, () => {
    assert.throws(() => pushTarget({ to: 'a/b', revision }), { code: 'USAGE', message: /branch/ })
  })

test('branches with slashes, as those of pull requests, are branches', () => {
  for (const revision of ['refs/pr/3', 'feature/x-1', 'v1.0', '2026'])
    assert.equal(pushTarget({ to: 'a/b', revision }).branch, revision)
})

test('a message without words is refused', () => {
  assert.throws(() => pushTarget({ to: 'a/b', message: ' ' }), { code: 'USAGE' })
})
