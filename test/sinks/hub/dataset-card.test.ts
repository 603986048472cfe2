import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { licenseOf, sizeCategory } from '../../../sinks/hub/card-metadata.ts'
import { datasetCard, isOurCard } from '../../../sinks/hub/dataset-card.ts'
import { pythonWith } from '../../support/python.ts'
import { sampleManifest } from './sample-output.ts'

const HASH = 'b'.repeat(64)
const COMMIT = 'c'.repeat(40)
const output = (path: string) => ({ path, rows: 2, bytes: 1234, sha256: HASH })
const TABLES = [
  output('data/train-00000.parquet'),
  output('ledger/decisions-00000.parquet'),
  output('analysis/trajectories-00000.parquet'),
  output('analysis/trajectories-00000.csv'),
]

function metadataOf(card: string) {
  const [, yaml] = /^---\n(.*?)\n---\n/s.exec(card)!
  return parse(yaml!)
}

test('the card says what went in, what came out and how it was made', () => {
  const manifest = sampleManifest({
    outputs: TABLES,
    sources: [{ file: `hf://datasets/a/b@${COMMIT}/data/x.parquet`, rows: 5, bytes: 10, sha256: HASH }],
  })
  const card = datasetCard(manifest)
  assert.equal(card, datasetCard(structuredClone(manifest)))
  assert.ok(isOurCard(card))
  assert.deepEqual(metadataOf(card), {
    license: 'mit',
    task_categories: ['text-generation'],
    tags: ['agent-traces', 'software-engineering', 'supervised-fine-tuning', 'trace-sluice'],
    size_categories: ['n<1K'],
    source_datasets: ['a/b'],
    configs: [
      { config_name: 'default', data_files: [{ split: 'train', path: 'data/**' }] },
      { config_name: 'analysis', data_files: [{ split: 'train', path: 'analysis/*.parquet' }] },
      { config_name: 'ledger', data_files: [{ split: 'train', path: 'ledger/*.parquet' }] },
    ],
  })
  for (const line of [
    '2 of 5 agent trajectories, 567 of 1,234 tokens (`o200k_base`)',
    '| dropped | `tests_failed` | 2 |\n| dropped | `too_long` | 1 |',
    `| \`a/b/data/x.parquet\` | \`${COMMIT}\` | \`${HASH}\` | 5 |`,
    '```yaml\nname: sample\nfrom:\n  - data\nfilters:\n  - maxTokens: 4000\n```',
    `| \`data/train-00000.parquet\` | \`${HASH}\` | 2 | 1,234 |`,
  ])
    assert.ok(card.includes(line), line)
})

test('tables beside JSON Lines have no configuration, as datasets could not read them', () => {
  const outputs = [output('data/train-00000.jsonl.zst'), ...TABLES.slice(1)]
  const card = datasetCard(sampleManifest({ outputs }))
  assert.deepEqual(
    metadataOf(card).configs.map(({ config_name: name }: { config_name: string }) => name),
    ['default'],
  )
  assert.match(card, /load_dataset\('parquet', data_files='ledger\/\*\.parquet'\)/)
})

test('a licence is named where it is the only one and the Hub has a name for it', () => {
  assert.equal(licenseOf(['Apache-2.0']), 'apache-2.0')
  for (const licenses of [[], [''], ['MIT', 'Apache-2.0'], ['Own-1.0'], ['mit\nevil: yes']])
    assert.equal(licenseOf(licenses), 'other')
})

test('sizes have the names of the Hub', () => {
  const sizes = {
    0: 'n<1K',
    999: 'n<1K',
    1000: '1K<n<10K',
    9999: '1K<n<10K',
    94500: '10K<n<100K',
    100000: '100K<n<1M',
    1e6: '1M<n<10M',
    5e9: '1B<n<10B',
    2e12: 'n>1T',
  }
  for (const [rows, category] of Object.entries(sizes)) assert.equal(sizeCategory(Number(rows)), category)
})

const HOSTILE = '`|`` ---\n# <script>alert(1)</script> [x](javascript:1) \u202e\u001b[2J \u{e0041}|'
const hostile = sampleManifest({
  outputs: [output(`data/${HOSTILE.replaceAll('\n', '')}.parquet`)],
  recipe: { sha256: HASH, name: HOSTILE, from: [HOSTILE, '```\n```'], '---': HOSTILE },
  sources: [
    { file: HOSTILE, rows: 1, bytes: 1, sha256: HASH },
    { file: `hf://datasets/a/b\n---@${COMMIT}/x`, rows: 1, bytes: 1 },
  ],
  rows: { in: 1, kept: 1, dropped: { [HOSTILE]: 1 }, failed: 0 },
  licenses: { [HOSTILE]: { rows: 1, tokens: 1 } },
  languages: { after: { [HOSTILE]: { rows: 1, tokens: 1 }, '': { rows: 1, tokens: 1 } } },
})

test('texts of data stay texts: no markup, no new lines, nothing unseen', () => {
  const card = datasetCard(hostile)
  const { license, source_datasets: datasets } = metadataOf(card)
  assert.deepEqual({ license, datasets }, { license: 'other', datasets: undefined })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  assert.doesNotMatch(card, /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]|[\u{e0000}-\u{e007f}]/u)
  const [heading = ''] = /^# .*$/m.exec(card)!
  assert.doesNotMatch(heading.slice(2), /(?<!\\)[`<>[\]|#*_]/)
  const outside = card
    .replace(heading, '')
    .replace(/^(`{3,})yaml\n.*?^\1$/gms, '')
    .replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gs, '')
  assert.doesNotMatch(outside, /<(?!!--|\dK)|\]\(|`/)
  assert.equal(card.match(/^---$/gm)!.length, 2)
  for (const line of outside.split('\n').filter((row) => row.startsWith('|')))
    assert.ok(line.endsWith('|'), line)
})

const python = pythonWith('huggingface_hub')

test('huggingface_hub reads the card', { skip: python.skip }, () => {
  if (python.skip !== false) return
  const script = `
import sys
from huggingface_hub import DatasetCard
card = DatasetCard(sys.argv[1])
print(card.data.license, card.data.size_categories[0])
`
  assert.equal(python.run(script, datasetCard(hostile)).trim(), 'other n<1K')
  assert.equal(python.run(script, datasetCard(sampleManifest({ outputs: TABLES }))).trim(), 'mit n<1K')
})
