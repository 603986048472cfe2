import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readRecipe } from '../../../pipeline/recipe/read-recipe.ts'
import { RecipeError } from '../../../pipeline/recipe/recipe-error.ts'
import type { FlagValues } from '../../../pipeline/recipe/recipe-flags.ts'
import { temporaryFolder } from '../../support/runners.ts'

const golden = fileURLToPath(new URL('./golden', import.meta.url))

describe('what is wrong with a recipe is said with its place, what was found, what is allowed and what was meant', () => {
  for (const file of readdirSync(golden).filter((name) => name.endsWith('.recipe')))
    test(file, () => {
      assert.throws(
        () => readRecipe({ file, workingDirectory: golden }),
        (error) => {
          assert.ok(error instanceof RecipeError)
          const expected = readFileSync(path.join(golden, file.replace('.recipe', '.txt')), 'utf8')
          assert.equal(`${error.message}\n`, expected)
          return true
        },
      )
    })
})

const filtersOf = (flags: FlagValues) =>
  readRecipe({ flags: { from: ['data'], ...flags }, workingDirectory: golden }).recipe.filters

describe('flags alone are a recipe', () => {
  test('in which a filter runs only if its flag is given', () => {
    assert.deepEqual(filtersOf({}), [])
    assert.deepEqual(filtersOf({ 'max-tokens': '10' }), [{ maxTokens: 10 }])
  })

  test('in which the filters have one order, whatever that of the flags', () => {
    const given = {
      'max-patch-lines': '9',
      'require-patch': true,
      languages: ['go, ts', 'c'],
      resolved: 'any',
    }
    assert.deepEqual(filtersOf(given), [
      { resolved: 'any' },
      { languages: ['go', 'ts', 'c'] },
      { requirePatch: true },
      { patchSize: { maxLines: 9 } },
    ])
  })

  test('in which the bounds of the patch are one filter', () => {
    assert.deepEqual(filtersOf({ 'min-patch-files': '1', 'max-patch-bytes': '1e6' }), [
      { patchSize: { minFiles: 1, maxBytes: 1_000_000 } },
    ])
  })

  test('of which the last counts where one is given twice', () => {
    assert.deepEqual(filtersOf({ 'max-tokens': ['10', '20'] }), [{ maxTokens: 20 }])
  })

  test('of which a number too large is told the largest, and a share in per cent its number', () => {
    assert.throws(() => filtersOf({ seed: '99999999999999999999', 'max-share': '40%' }), {
      message: `the command line has 2 problems

  --max-share
      found '40%', allowed is a number above 0 and up to 1; did you mean 0.4?

  --seed
      found 100000000000000000000, allowed is a whole number of at least 0 and up to 9007199254740991`,
    })
  })

  test('that reads nothing is refused', () => {
    assert.throws(() => filtersOf({ from: false }), /there is nothing to read/)
  })

  test('that is refused in the words of the flags', () => {
    assert.throws(() => filtersOf({ 'max-tokens': 'many', 'max-share': '2' }), {
      message: `the command line has 2 problems

  --max-tokens
      found 'many', allowed is a whole number of at least 1

  --max-share
      found 2, allowed is a number above 0 and up to 1`,
    })
  })
})

describe('flags over a recipe', () => {
  const read = async (t: TestContext, yaml: string, flags: FlagValues) => {
    const workingDirectory = await temporaryFolder(t)
    await mkdir(path.join(workingDirectory, 'recipes'))
    await writeFile(path.join(workingDirectory, 'recipes', 'r.yaml'), yaml)
    return { workingDirectory, ...readRecipe({ file: 'recipes/r.yaml', flags, workingDirectory }) }
  }

  test('take the place of the same filter, and come last where the recipe has none', async (t) => {
    const yaml = 'from: [data]\nfilters:\n  - maxTokens: 10\n  - resolved: passed\n'
    const { recipe } = await read(t, yaml, { 'max-tokens': '20', languages: 'go' })
    assert.deepEqual(recipe.filters, [{ maxTokens: 20 }, { resolved: 'passed' }, { languages: ['go'] }])
  })

  test('set one bound of a filter and leave its others', async (t) => {
    const yaml =
      'from: [data]\nfilters:\n  - patchSize: { minLines: 2 }\n  - resolved: any\n  - patchSize: { maxLines: 50, maxFiles: 3 }\n'
    const { recipe } = await read(t, yaml, { 'max-patch-lines': '9', 'min-patch-files': '1' })
    assert.deepEqual(recipe.filters, [
      { patchSize: { minLines: 2, minFiles: 1 } },
      { resolved: 'any' },
      { patchSize: { maxLines: 9, maxFiles: 3 } },
    ])
  })

  test('replace the policy of balance, but only their own member of the tables', async (t) => {
    const yaml = 'from: [data]\nbalance: { temperature: 2 }\ntables: { csv: false }\n'
    const { recipe } = await read(t, yaml, { 'max-share': '0.5', table: true })
    assert.deepEqual(recipe.balance, { maxShare: 0.5 })
    assert.deepEqual(recipe.tables, { csv: false, table: true })
  })

  test('see paths from the working directory, and the recipe sees them from its folder', async (t) => {
    const own = await read(t, 'from: [data]\nout: ../results\n', {})
    assert.deepEqual(own.recipe.from, ['data'])
    assert.equal(own.folder, path.join(own.workingDirectory, 'recipes'))
    assert.equal(own.out, path.join(own.workingDirectory, 'results'))
    const flagged = await read(t, 'from: [data]\n', { from: ['data', '/abs', 'hf://x/y'], out: 'here' })
    assert.deepEqual(flagged.recipe.from, ['../data', '/abs', 'hf://x/y'])
    assert.equal(flagged.out, path.join(flagged.workingDirectory, 'here'))
    assert.equal((await read(t, 'from: [data]\n', {})).out.endsWith(`${path.sep}out`), true)
  })

  test('switch off what they stand for, and with it what is empty without it', async (t) => {
    const yaml = [
      'from: [data]',
      'limit: 5',
      'balance: { maxShare: 0.5 }',
      'allowEmpty: true',
      'filters:',
      '  - requirePatch: true',
      '  - maxTokens: 10',
      '  - patchSize: { minLines: 2, maxLines: 9 }',
      '  - patchSize: { maxFiles: 3 }',
      '',
    ].join('\n')
    const off = ['limit', 'max-share', 'allow-empty', 'require-patch', 'min-patch-lines', 'max-patch-files']
    const { recipe } = await read(t, yaml, Object.fromEntries(off.map((name) => [name, false])))
    assert.equal(recipe.limit, undefined)
    assert.equal(recipe.balance, undefined)
    assert.equal(recipe.allowEmpty, false)
    assert.deepEqual(recipe.filters, [{ maxTokens: 10 }, { patchSize: { maxLines: 9 } }])
  })

  test('that take filters out leave the others where the file has them, and come last themselves', async (t) => {
    const yaml = 'from: [data]\nfilters:\n  - requirePatch: true\n  - resolved: yes\n'
    await assert.rejects(read(t, yaml, { 'require-patch': false, 'max-tokens': 'x' }), (error) => {
      assert.ok(error instanceof RecipeError)
      assert.deepEqual(
        error.problems.map(({ place, field }) => [
          typeof place === 'string' ? place : place.span.line,
          field,
        ]),
        [
          ['--max-tokens', ''],
          [4, 'filters[1].resolved'],
        ],
      )
      return true
    })
  })

  test('are told apart from the recipe in what is wrong', async (t) => {
    const yaml = 'from: [data]\nfilters:\n  - resolved: yes\nseed: -1\n'
    await assert.rejects(read(t, yaml, { seed: 'x' }), (error) => {
      assert.ok(error instanceof RecipeError)
      assert.match(error.message, /^recipes\/r\.yaml with its flags has 2 problems\n/)
      const places = error.problems.map(({ place }) => (typeof place === 'string' ? place : place.span.line))
      assert.deepEqual(places, ['--seed', 3])
      return true
    })
  })
})

describe('a file that is no recipe', () => {
  test('because it is not there, with one of its folder that may be meant', async (t) => {
    const folder = await temporaryFolder(t)
    await writeFile(path.join(folder, 'rules.yaml'), '')
    const file = path.join('.', 'ruels.yaml')
    assert.throws(() => readRecipe({ file, workingDirectory: folder }), {
      code: 'USAGE',
      message: 'there is no recipe ruels.yaml; did you mean rules.yaml?',
    })
  })

  test('because it is a folder', () =>
    assert.throws(
      () => readRecipe({ file: '.', workingDirectory: golden }),
      /^UsageError: \. is a folder, so no recipe\. .*sluice run --from \.$/,
    ))

  test('because it is binary', async (t) => {
    const folder = await temporaryFolder(t)
    await writeFile(path.join(folder, 'data.parquet'), 'PAR1\0\0')
    assert.throws(
      () => readRecipe({ file: 'data.parquet', workingDirectory: folder }),
      /--from data\.parquet$/,
    )
  })
})

test('languages of a balance are spelt as the rows spell them', async (t) => {
  const folder = await temporaryFolder(t)
  await writeFile(
    path.join(folder, 'r.yaml'),
    'from: [a]\nbalance: { caps: { C++: 3, ts: 4, unknown: 1 } }\n',
  )
  const { recipe } = readRecipe({ file: 'r.yaml', workingDirectory: folder })
  assert.deepEqual(recipe.balance, { caps: { cpp: 3, typescript: 4, unknown: 1 } })
})
