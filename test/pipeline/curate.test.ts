import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Curation } from '../../pipeline/curation.ts'
import { loadRecipe } from '../../pipeline/recipe/load-recipe.ts'
import { type RecipeInput, recipeSchema } from '../../pipeline/recipe/recipe.ts'
import { runRecipe } from '../../pipeline/run-recipe.ts'
import { sampleDirectory } from '../../sources/sample/sample.ts'
import { readParquet } from '../support/read-parquet.ts'
import { filesBelow, temporaryFolder } from '../support/runners.ts'

const sample = path.relative(process.cwd(), new URL(sampleDirectory, import.meta.url).pathname)

async function curateInto(directory: string, recipe: RecipeInput): Promise<Curation> {
  const checked = recipeSchema.parse({ allowEmpty: true, ...recipe })
  return runRecipe(await loadRecipe(checked, process.cwd()), { directory, fresh: true })
}

/** All five filters and the balance. */
const EVERYTHING: Omit<RecipeInput, 'from'> = {
  filters: [
    { resolved: 'any' },
    { maxTokens: 6000 },
    { requirePatch: true },
    { languages: ['python', 'go', 'ts', 'js', 'rust', 'c'] },
    { patchSize: { minLines: 1, maxLines: 30 } },
  ],
  balance: { maxShare: 0.2 },
  compression: 'zstd',
  seed: 7,
}

describe('the curation of the sample', () => {
  for (const [format, file] of [
    ['jsonl', 'data/train-00000.jsonl.zst'],
    ['parquet', 'data/train-00000.parquet'],
  ] as const)
    test(`writes the same bytes from any runner and any number of workers, as ${format}`, async (t) => {
      const variants: Partial<RecipeInput>[] = [
        { runner: 'direct' },
        { runner: 'local', workers: 1 },
        { runner: 'local', workers: 2 },
      ]
      const outputs = []
      for (const variant of variants) {
        const directory = await temporaryFolder(t)
        await curateInto(directory, { from: [sample], ...EVERYTHING, format, ...variant })
        const files = (await filesBelow(directory)).filter((name) => name !== 'run.json')
        const bytes = await Promise.all(files.map((name) => readFile(path.join(directory, name), 'base64')))
        outputs.push(Object.fromEntries(files.map((name, index) => [name, bytes[index]])))
      }
      assert.deepEqual(Object.keys(outputs[0]!), [
        'analysis/trajectories-00000.csv',
        'analysis/trajectories-00000.parquet',
        file,
        'ledger/decisions-00000.parquet',
        'manifest.json',
      ])
      assert.deepEqual(outputs[1], outputs[0])
      assert.deepEqual(outputs[2], outputs[0])
      const { sources } = JSON.parse(Buffer.from(outputs[0]!['manifest.json']!, 'base64').toString())
      assert.ok(sources.length > 1)
      for (const source of sources)
        assert.equal(
          source.sha256,
          createHash('sha256').update(readFileSync(source.file)).digest('hex'),
          source.file,
        )
    })

  test('accounts for every row in the summary, the ledger, the table and the training set alike', async (t) => {
    const directory = await temporaryFolder(t)
    const { tally, receipts } = await curateInto(directory, {
      from: [sample],
      ...EVERYTHING,
      compression: 'none',
    })
    const dropped = Object.values(tally.dropped).reduce((sum, rows) => sum + rows, 0)
    assert.equal(tally.kept + dropped + tally.failed, tally.rows)
    assert.ok(tally.kept > 0 && dropped > 0)
    const ledger = await readParquet(path.join(directory, 'ledger/decisions-00000.parquet'))
    const table = await readParquet(path.join(directory, 'analysis/trajectories-00000.parquet'))
    const lines = (await readFile(path.join(directory, 'data/train-00000.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
    assert.equal(ledger.length, tally.rows)
    assert.equal(table.length, tally.rows)
    const kept = ledger.filter(({ verdict }) => verdict === 'kept').map((row) => row.trajectory_id)
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).trajectory_id),
      kept,
    )
    assert.equal(receipts.find(({ path }) => path.startsWith('data/'))?.rows, tally.kept)
    for (const [reason, rows] of Object.entries(tally.dropped))
      assert.equal(ledger.filter((row) => row.reason === reason).length, rows, reason)
  })

  test('measure kept keeps the same rows and leaves nulls where it did not look', async (t) => {
    const all = await temporaryFolder(t)
    const kept = await temporaryFolder(t)
    const recipe: RecipeInput = { from: [sample], filters: [{ maxTokens: 6000 }, { resolved: 'passed' }] }
    await curateInto(all, recipe)
    await curateInto(kept, { ...recipe, measure: 'kept' })
    const read = (directory: string) => readFile(path.join(directory, 'data/train-00000.jsonl'), 'utf8')
    assert.equal(await read(kept), await read(all))
    const table = await readParquet(path.join(kept, 'analysis/trajectories-00000.parquet'))
    const refusedEarly = table.filter(({ reason }) => reason === 'tests_failed')
    assert.ok(refusedEarly.length > 0)
    assert.ok(refusedEarly.every(({ tokens, turns }) => tokens === null && turns === null))
  })

  test('no language passes its share, and the choice follows the seed alone', async (t) => {
    const keep = async (seed: number) => {
      const directory = await temporaryFolder(t)
      const { languages } = await curateInto(directory, { from: [sample], balance: { maxShare: 0.13 }, seed })
      const total = languages.after.reduce((sum, [, { rows }]) => sum + rows, 0)
      for (const [language, { rows }] of languages.after)
        assert.ok(rows <= Math.max(1, Math.floor(0.13 * total)), `${language}: ${rows} of ${total}`)
      return readFile(path.join(directory, 'data/train-00000.jsonl'), 'utf8')
    }
    assert.equal(await keep(1), await keep(1))
    assert.notEqual(await keep(1), await keep(2))
  })

  test('a limit reads the first rows of the plan', async (t) => {
    const { tally } = await curateInto(await temporaryFolder(t), { from: [sample], limit: 40 })
    assert.equal(tally.rows, 40)
  })
})

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    'ls -la',
    'diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n',
    '\ud83d',
    '```bash\nls\n```',
  ),
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6 })
const call = fc.record({
  id: maybe(fc.constantFrom('call_0', 'call_1', '')),
  type: fc.constant('function'),
  function: fc.record({ name: maybe(fc.constantFrom('bash', 'submit', 'finish')), arguments: maybe(text) }),
})
const message = fc.record({
  role: fc.constantFrom('system', 'user', 'assistant', 'assistant', 'tool', 'tool', 'nobody'),
  content: maybe(text),
  reasoning_content: maybe(text),
  tool_calls: maybe(fc.array(call, { maxLength: 3 })),
})
const row = fc.record(
  {
    trajectory_id: maybe(fc.uuid()),
    language: maybe(fc.constantFrom('python', 'ts', 'c++', 'go', 'klingon')),
    license: maybe(fc.constantFrom('MIT', 'GPL-3.0', 'apache-2.0')),
    resolved: maybe(fc.constantFrom(-1, 0, 1, 1)),
    messages: maybe(fc.array(message, { maxLength: 8 })),
    metadata: maybe(fc.record({ model_patch: maybe(fc.record({ patch: maybe(text) })) })),
  },
  // A file in which no row has messages is refused as a whole.
  { requiredKeys: ['messages'] },
)
const filter = fc.oneof(
  fc.record({ resolved: fc.constantFrom('passed' as const, 'any' as const) }),
  fc.record({ licenses: fc.subarray(['MIT', 'Apache-2.0'], { minLength: 1 }) }),
  fc.record({ languages: fc.subarray(['python', 'typescript', 'cpp'], { minLength: 1 }) }),
  fc.record({ maxTokens: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ requirePatch: fc.constant(true as const) }),
  fc.record({ patchSize: fc.record({ minLines: fc.nat(3), maxFiles: fc.nat(3) }) }),
)
const recipe = fc.record(
  {
    filters: fc.array(filter, { maxLength: 5 }),
    measure: fc.constantFrom('all' as const, 'kept' as const),
    encoding: fc.constantFrom('o200k_base' as const, 'cl100k_base' as const),
    profile: fc.constantFrom('canonical' as const, 'trl' as const),
    compression: fc.constantFrom('none' as const, 'gzip' as const, 'zstd' as const),
    limit: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(5),
    balance: fc.oneof(
      fc.record({ caps: fc.constant({ python: 2, go: 0 }) }),
      fc.record({ temperature: fc.constantFrom(1, 2, 100) }),
      fc.record({ shares: fc.constant({ python: 0.5, typescript: 0.5 }) }),
    ),
  },
  { requiredKeys: ['filters'] },
)

test('500 random recipes over random rows: kept + dropped + failed = in', async (t) => {
  const folder = await temporaryFolder(t)
  const file = path.join(folder, 'rows.jsonl')
  const property = fc.asyncProperty(
    fc.array(row, { minLength: 1, maxLength: 8 }),
    recipe,
    async (rows, settings) => {
      await writeFile(file, rows.map((each) => `${JSON.stringify(each)}\n`).join(''))
      const { tally } = await curateInto(path.join(folder, 'out'), {
        from: [file],
        runner: 'direct',
        ...settings,
      })
      const dropped = Object.values(tally.dropped).reduce((sum, count) => sum + count, 0)
      assert.equal(tally.rows, Math.min(rows.length, settings.limit ?? rows.length))
      assert.equal(tally.kept + dropped + tally.failed, tally.rows)
      const ledger = await readParquet(path.join(folder, 'out/ledger/decisions-00000.parquet'))
      assert.equal(ledger.length, tally.rows)
    },
  )
  await fc.assert(property, { numRuns: 500, seed: 20261122 })
})

test('how rows are cut into files and batches changes nothing that is measured or decided', async (t) => {
  const folder = await temporaryFolder(t)
  const withoutPlace = ({ source_file, source_row, leaf, ...rest }: Record<string, unknown>) => rest
  const runOver = async (files: readonly (readonly object[])[]) => {
    const from = await Promise.all(
      files.map(async (rows, index) => {
        const file = path.join(folder, `part-${index}.jsonl`)
        await writeFile(file, rows.map((each) => `${JSON.stringify(each)}\n`).join(''))
        return file
      }),
    )
    await curateInto(path.join(folder, 'out'), {
      from,
      runner: 'direct',
      filters: [{ maxTokens: 40 }],
      balance: { temperature: 3 },
    })
    const table = await readParquet(path.join(folder, 'out/analysis/trajectories-00000.parquet'))
    return table.map(withoutPlace)
  }
  const identified = fc
    .array(row, { minLength: 1, maxLength: 8 })
    .map((rows) => rows.map((each, index) => ({ ...each, trajectory_id: `row-${index}` })))
  const property = fc.asyncProperty(identified, fc.nat(), async (rows, at) => {
    const cut = at % (rows.length + 1)
    const parts = [rows.slice(0, cut), rows.slice(cut)].filter((part) => part.length > 0)
    assert.deepEqual(await runOver(parts), await runOver([rows]))
  })
  await fc.assert(property, { numRuns: 50, seed: 20261122 })
})

test('a row that can not be parsed, or is refused before it is, keeps its name, label and language', async (t) => {
  const directory = await temporaryFolder(t)
  const file = path.join(directory, 'rows.jsonl')
  const spoken = [
    { role: 'user', content: 'u' },
    { role: 'assistant', content: 'a' },
  ]
  const rows = [
    { trajectory_id: 'empty', messages: [], resolved: 0.5, language: 'C++', license: '' },
    { trajectory_id: 'wizard', messages: [{ role: 'wizard' }], resolved: 3_000_000_000, language: 'Klingon' },
    { trajectory_id: 'refused', messages: spoken, resolved: 7, language: 'ts' },
    { trajectory_id: 'good', messages: spoken, resolved: 1, language: 'py' },
  ]
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  for (const measure of ['all', 'kept'] as const) {
    const out = path.join(directory, measure)
    await curateInto(out, { from: [file], filters: [{ resolved: 'passed' }], measure, runner: 'direct' })
    const table = await readParquet(path.join(out, 'analysis/trajectories-00000.parquet'))
    assert.deepEqual(
      table.map((row) => [row.trajectory_id, row.verdict, row.resolved, row.language, row.license]),
      [
        ['empty', measure === 'all' ? 'failed' : 'dropped', -1, 'cpp', null],
        ['wizard', measure === 'all' ? 'failed' : 'dropped', -1, null, null],
        ['refused', 'dropped', -1, 'typescript', null],
        ['good', 'kept', 1, 'python', null],
      ],
    )
  }
})
