import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardFiles } from '../../../sources/hub/card-files.ts'

const CARD = `---
license: cc-by-4.0
configs:
- config_name: v1.0
  default: true
  data_files:
  - split: openhands
    path:
    - data/openhands/a/**
    - data/openhands/b/*.parquet
  - split: sweagent
    path: data/sweagent/**
- config_name: plain
  data_files: "extra/*.jsonl"
- config_name: folder
  data_dir: more
---
# A dataset
`

const FILES = [
  'data/openhands/a/x/1.parquet',
  'data/openhands/b/2.parquet',
  'data/sweagent/3.parquet',
  'extra/4.jsonl',
  'more/5.parquet',
]

const selected = (config: string | null, split: string | null) =>
  FILES.filter(cardFiles(CARD, { config, split }, 'a/b'))
    .map((file) => /\d/.exec(file)![0])
    .join('')

test('files belong to configurations and splits as the card says', () => {
  for (const [config, split, expected] of [
    ['v1.0', null, '123'],
    ['v1.0', 'openhands', '12'],
    [null, 'sweagent', '3'],
    ['plain', 'train', '4'],
    ['folder', null, '5'],
  ] as const)
    assert.equal(selected(config, split), expected)
})

test('what a card does not have is refused, with what it has', () => {
  assert.throws(() => selected('v2.0', 'openhands'), {
    code: 'SOURCE_UNREADABLE',
    message:
      "the card of a/b has no configuration 'v2.0' with split 'openhands': it has v1.0/openhands, v1.0/sweagent, plain/train, folder/train",
  })
})

test('a card without configurations, or without YAML, asks for a path', () => {
  for (const card of ['', '# A dataset', '---\nlicense: mit\n---', '---\nconfigs: 3\n---'])
    assert.throws(() => cardFiles(card, { config: 'a', split: null }, 'a/b'), /give a path instead/)
  assert.throws(() => cardFiles('---\na: [\n---', { config: 'a', split: null }, 'a/b'), /can't be read/)
})
