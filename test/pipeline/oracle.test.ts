import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadRecipe } from '../../pipeline/recipe/load-recipe.ts'
import { recipeSchema } from '../../pipeline/recipe/recipe.ts'
import { runRecipe } from '../../pipeline/run-recipe.ts'
import { sampleDirectory } from '../../sources/sample/sample.ts'
import { pythonWith } from '../support/python.ts'
import { readParquet } from '../support/read-parquet.ts'
import { temporaryFolder } from '../support/runners.ts'

const python = pythonWith('pyarrow', 'tiktoken')
const script = readFileSync(new URL('./oracle.py', import.meta.url), 'utf8')
const require = createRequire(import.meta.url)

/** What the oracle says of a row. */
interface Said {
  readonly tokens: number
  readonly turns: number
  readonly calls: number
  readonly has_patch: boolean
  readonly numstat: readonly [files: number, added: number, removed: number] | null
}

function missing(): string | false {
  if (python.skip !== false) return python.skip
  return spawnSync('git', ['--version']).status === 0 ? false : 'git is not to be found'
}

const DATA = {
  'the bundled sample': fileURLToPath(sampleDirectory),
  '75 real runs': fileURLToPath(new URL('../../../shared/data/open-swe-shape', import.meta.url)),
}

for (const [name, folder] of Object.entries(DATA))
  for (const encoding of ['o200k_base', 'cl100k_base'] as const) {
    const skip = existsSync(folder) ? missing() : `${path.relative(process.cwd(), folder)} is not there`
    test(`${name}: ${encoding} tokens, turns and calls equal Python's, patch numbers git's`, {
      skip,
    }, async (t) => {
      const directory = await temporaryFolder(t)
      const recipe = recipeSchema.parse({ from: [folder], encoding })
      await runRecipe(await loadRecipe(recipe, process.cwd()), { directory })
      const table = await readParquet(path.join(directory, 'analysis/trajectories-00000.parquet'))
      const files = globSync('**/*.parquet', { cwd: folder }).sort()
      const said = ask(
        encoding,
        files.map((file) => path.join(folder, file)),
      )
      assert.equal(table.length, said.length)
      table.forEach((row, index) => {
        const { tokens, turns, calls, has_patch, numstat } = said[index]!
        const at = `${row.source_file} row ${row.source_row}`
        assert.equal(row.tokens, tokens, at)
        assert.equal(row.turns, turns, at)
        if (!row.calls_from_text) assert.equal(row.tool_calls, calls, at)
        if (!has_patch) return
        const [patchFiles, added, removed] = numstat ?? [null, null, null]
        assert.equal(row.patch_malformed, numstat === null, at)
        assert.deepEqual(
          [row.patch_files, row.patch_added_lines, row.patch_removed_lines],
          [patchFiles, added, removed],
          at,
        )
      })
    })
  }

function ask(encoding: string, files: readonly string[]): Said[] {
  if (python.skip !== false) throw new Error(python.skip)
  const printed = python.run(
    script,
    encoding,
    require.resolve(`@dqbd/tiktoken/encoders/${encoding}.json`),
    ...files,
  )
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
