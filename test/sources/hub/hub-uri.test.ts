import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hubFileUri, parseHubUri } from '../../../sources/hub/hub-uri.ts'

test('a URI names a dataset, and where wanted a revision and a pattern', () => {
  for (const [text, revision, pattern] of [
    ['hf://datasets/a/b', null, ''],
    ['hf://datasets/a/b/', null, ''],
    ['hf://datasets/a/b@f967cba', 'f967cba', ''],
    ['hf://datasets/a/b@main/data/**', 'main', 'data/**'],
    ['hf://datasets/a/b/data/*.parquet', null, 'data/*.parquet'],
    ['hf://datasets/a/b@refs/convert/parquet/default/train', 'refs/convert/parquet', 'default/train'],
    ['hf://datasets/a/b@refs%2Fpr%2F7/data', 'refs/pr/7', 'data'],
    ['hf://datasets/a/b@feature%2Fx', 'feature/x', ''],
  ] as const)
    assert.deepEqual(parseHubUri(text), { repository: 'a/b', revision, pattern, selection: null }, text)
})

test('what is no URI of a dataset is refused, saying how one is written', () => {
  for (const text of [
    'hf://a/b',
    'hf://datasets/a',
    'hf://datasets/a/..',
    'hf://datasets/../b/c',
    'hf://datasets/a/b@',
    'hf://datasets/a/b/../../x',
    'hf://datasets/a b/c',
  ])
    assert.throws(
      () => parseHubUri(text),
      { code: 'USAGE', message: /Write hf:\/\/datasets\/OWNER\/NAME/ },
      text,
    )
})

test('the name of a file can be read back', () => {
  const uri = hubFileUri('a/b', '0123456789abcdef0123456789abcdef01234567', 'data/x.parquet')
  assert.deepEqual(parseHubUri(uri), {
    repository: 'a/b',
    revision: '0123456789abcdef0123456789abcdef01234567',
    pattern: 'data/x.parquet',
    selection: null,
  })
})

test('a URI can name a configuration and a split; other question marks are of globs', () => {
  const common = { repository: 'a/b', revision: 'main' }
  for (const [text, pattern, selection] of [
    ['hf://datasets/a/b@main?config=v1.0&split=openhands', '', { config: 'v1.0', split: 'openhands' }],
    ['hf://datasets/a/b@main/data/**?split=train.raw', 'data/**', { config: null, split: 'train.raw' }],
    ['hf://datasets/a/b@main/data/train-0000?.parquet', 'data/train-0000?.parquet', null],
  ] as const)
    assert.deepEqual(parseHubUri(text), { ...common, pattern, selection }, text)
})
