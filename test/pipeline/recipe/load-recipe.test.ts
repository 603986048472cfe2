import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { loadRecipe } from '../../../pipeline/recipe/load-recipe.ts'
import { readRecipe } from '../../../pipeline/recipe/read-recipe.ts'
import { recipeSchema } from '../../../pipeline/recipe/recipe.ts'
import { RecipeError } from '../../../pipeline/recipe/recipe-error.ts'
import { temporaryFolder } from '../../support/runners.ts'

const KEEP_SHORT = `
  import { defineFilter } from 'trace-sluice'
  import { z } from 'zod'
  export const limit = 3
  export const keepShort = defineFilter({
    module: import.meta.url,
    name: 'keepShort',
    options: z.strictObject({
      maxTokens: z.int().min(1),
      unit: z.enum(['tokens', 'words']).optional(),
      ids: z.array(z.string().regex(/^[a-z]+$/)).optional(),
    }),
    reads: ['tokens'],
    open: () => () => null,
  })
`

/** A folder outside of any npm project, with these files beside the recipe. */
async function recipeWith(t: TestContext, yaml: string, files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder(t)
  for (const [name, text] of Object.entries({ 'r.yaml': yaml, 'keep-short.ts': KEEP_SHORT, ...files })) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
  return { folder, load: (flags = {}) => load(folder, flags) }
}

function load(folder: string, flags: Readonly<Record<string, string | boolean>>) {
  const { recipe } = readRecipe({ file: 'r.yaml', flags, workingDirectory: folder })
  return loadRecipe(recipe, folder)
}

/** `line field: message (suggestion)` of everything that is wrong. */
async function problemsOf(loading: Promise<unknown>, folder: string): Promise<string[]> {
  const error = await loading.then(
    () => assert.fail('nothing was wrong'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof RecipeError, String(error))
  return error.problems.map(({ place, field, message, suggestion }) => {
    assert.ok(typeof place !== 'string')
    const meant = suggestion === null ? '' : ` (${suggestion})`
    return `${place.span.line} ${field}: ${message.replaceAll(folder, 'FOLDER')}${meant}`
  })
}

describe('a module of a recipe', () => {
  test('may lie where nobody installed us, and may be named with its export', async (t) => {
    const item = '{ use: ./keep-short.ts, export: keepShort, options: { maxTokens: 5 } }'
    const { load } = await recipeWith(t, `from: [x]\nfilters: [${item}]\n`)
    assert.equal((await load()).loadedFilters.length, 1)
  })

  test('may be a package that is installed beside the recipe', async (t) => {
    const manifest = '{ "name": "short", "type": "module", "exports": { "import": "./main.js" } }'
    const { load } = await recipeWith(
      t,
      'from: [x]\nfilters: [{ use: short, options: { maxTokens: 5 } }]\n',
      {
        'node_modules/short/package.json': manifest,
        'node_modules/short/main.js': KEEP_SHORT,
      },
    )
    assert.equal((await load()).loadedFilters.length, 1)
  })

  test('that can not be loaded is reported with every other, in the lines of the recipe', async (t) => {
    const uses = [
      './kep-short.ts',
      './gone/keep-short.ts',
      './folder',
      'no-such-package',
      'keep-short.ts',
      'fs',
      './syntax.ts',
      './throws.ts',
      './import.ts',
      './project/cjs.ts',
    ]
    const yaml = `from: [x]\nfilters:\n${uses.map((use) => `  - use: ${use}\n`).join('')}`
    const { folder, load } = await recipeWith(t, yaml, {
      'folder/file.txt': '',
      'syntax.ts': 'export const a = 1\nexport const b = = 2\n',
      'throws.ts': 'const a: number = 1\nthrow new Error("boom " + a)\nexport {}\n',
      'import.ts': "import 'no-such-package'\n",
      'project/package.json': '{ "type": "commonjs" }',
      'project/cjs.ts': KEEP_SHORT,
    })
    const where = 'in FOLDER or above: npm install it there; the path of a file begins with ./'
    assert.deepEqual(await problemsOf(load(), folder), [
      "3 filters[0].use: there is no file './kep-short.ts' (./keep-short.ts)",
      "4 filters[1].use: there is no file './gone/keep-short.ts'",
      "5 filters[2].use: './folder' is a folder: name a file in it",
      `6 filters[3].use: there is no package 'no-such-package' ${where}`,
      `7 filters[4].use: there is no package 'keep-short.ts' ${where} (./keep-short.ts)`,
      "8 filters[5].use: 'fs' is a part of Node",
      "9 filters[6].use: can't load ./syntax.ts:2: Expression expected",
      "10 filters[7].use: can't load ./throws.ts:2: boom 1",
      "11 filters[8].use: can't load './import.ts': Cannot find package 'no-such-package' imported from FOLDER/import.ts",
      `12 filters[9].use: Node takes './project/cjs.ts' for CommonJS: write "type": "module" in FOLDER/project/package.json, or name the file cjs.mts`,
    ])
  })

  test('that does not export what is asked for says what it exports', async (t) => {
    const yaml = [
      'from: [x]',
      'filters:',
      '  - use: ./keep-short.ts',
      '    export: keepShrt',
      '  - use: ./none.ts',
      'sinks:',
      '  - use: ./keep-short.ts',
      '',
    ].join('\n')
    const { folder, load } = await recipeWith(t, yaml, { 'none.ts': 'export {}\n' })
    assert.deepEqual(await problemsOf(load(), folder), [
      "4 filters[0].export: './keep-short.ts' exports no filter 'keepShrt'; it exports keepShort (a filter), limit (keepShort)",
      "5 filters[1].use: './none.ts' exports no filter; it exports nothing: export what defineFilter returns",
      "7 sinks[0].use: './keep-short.ts' exports no sink; it exports keepShort (a filter), limit: export what defineSink returns",
    ])
  })

  test('has its options checked, each in its place, where flags took filters out as well', async (t) => {
    const options = [
      '{ maxTokens: 32k }',
      '{ maxToken: 5 }',
      '{ maxTokens: 0, unit: token }',
      '{ maxTokens: 1, ids: [a, B] }',
      '{}',
    ]
    const items = options.map((text) => `  - { use: ./keep-short.ts, options: ${text} }\n`)
    const yaml = `from: [x]\nfilters:\n  - requirePatch: true\n${items.join('')}`
    const { folder, load } = await recipeWith(t, yaml)
    assert.deepEqual(await problemsOf(load({ 'require-patch': false }), folder), [
      "4 filters[1].options.maxTokens: found '32k', allowed is a number (32000)",
      '5 filters[2].options.maxToken: unknown key, allowed is one of maxTokens, unit, ids (maxTokens)',
      '6 filters[3].options.maxTokens: too small: expected number to be >=1',
      "6 filters[3].options.unit: found 'token', allowed is one of tokens, words (tokens)",
      '7 filters[4].options.ids[1]: invalid string: must match pattern /^[a-z]+$/',
      '8 filters[5].options.maxTokens: found nothing, allowed is a number',
    ])
  })

  test('of a recipe that a program made is reported by its field', async (t) => {
    const folder = await temporaryFolder(t)
    const recipe = recipeSchema.parse({ from: ['x'], filters: [{ use: './gone.ts' }] })
    await assert.rejects(loadRecipe(recipe, folder), {
      code: 'USAGE',
      message: "the recipe has a problem\n\n  filters[0].use\n      there is no file './gone.ts'",
    })
  })
})
