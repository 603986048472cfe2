import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sampleDirectory } from '../../sources/sample/sample.ts'
import { readParquet } from '../support/read-parquet.ts'
import { temporaryFolder } from '../support/runners.ts'

const sluice = fileURLToPath(new URL('../../pipeline/cli/sluice.js', import.meta.url))
const example = (name: string) => fileURLToPath(new URL(name, import.meta.url))

test("the worked examples run from a recipe: a transform's column and a sink's database are there", async (t) => {
  const folder = await temporaryFolder(t)
  const recipe = {
    from: [fileURLToPath(sampleDirectory)],
    out: 'out',
    limit: 40,
    steps: [{ use: example('error-lines.ts'), options: { pattern: 'fail' } }],
    sinks: [{ use: example('sqlite-sink.ts') }],
  }
  await writeFile(path.join(folder, 'recipe.yaml'), JSON.stringify(recipe))
  await promisify(execFile)(process.execPath, [sluice, 'run', path.join(folder, 'recipe.yaml')])

  const table = await readParquet(path.join(folder, 'out/analysis/trajectories-00000.parquet'))
  assert.equal(table.length, 40)
  assert.ok(table.some(({ error_lines }) => Number(error_lines) > 0))
  const header = (await readFile(path.join(folder, 'out/analysis/trajectories-00000.csv'), 'utf8')).split(
    '\r\n',
  )[0]!
  assert.ok(header.split(',').includes('error_lines'))

  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(path.join(folder, 'out/trajectories.sqlite'))
  const { rows } = database.prepare('SELECT count(*) AS rows FROM trajectories').get() as { rows: number }
  database.close()
  assert.equal(rows, table.filter(({ verdict }) => verdict === 'kept').length)
})
