import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { before, describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type BenchOptions, measureRecipe, stageNames } from '../../../pipeline/bench/measure-recipe.ts'
import { type BenchReport, benchReport, type StageReport } from '../../../pipeline/bench/report.ts'
import { type LoadedRecipe, loadRecipe } from '../../../pipeline/recipe/load-recipe.ts'
import { recipeSchema } from '../../../pipeline/recipe/recipe.ts'
import { sampleDirectory } from '../../../sources/sample/sample.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { traceRows, writeRows } from '../cli/trace-files.ts'
import { SLOTS } from './own-steps.ts'

const steps = fileURLToPath(new URL('own-steps.ts', import.meta.url))

function recipeOf(from: string, changes: object = {}): Promise<LoadedRecipe> {
  return loadRecipe(recipeSchema.parse({ from: [from], ...changes }), path.dirname(steps))
}

async function measure(recipe: LoadedRecipe, changes: Partial<BenchOptions> = {}): Promise<BenchReport> {
  const { signal } = new AbortController()
  const options = { workers: [1], rounds: 2, limit: 40, profiles: null, signal, onPart: () => {}, ...changes }
  return measureRecipe(recipe, options)
}

function stageOf({ stages }: BenchReport, name: string): StageReport {
  return stages.find((stage) => stage.name === name && stage.place !== 'committer')!
}

/** A folder that temporary folders are made in while the test runs. */
async function watchedFolder(t: TestContext): Promise<string> {
  const folder = path.join(await temporaryFolder(t), 'temporary')
  await mkdir(folder)
  const usual = process.env.TMPDIR
  process.env.TMPDIR = folder
  t.after(() => {
    if (usual === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = usual
  })
  return folder
}

describe('measuring a recipe', () => {
  const sample = fileURLToPath(sampleDirectory)
  let report: BenchReport
  let recipe: LoadedRecipe

  before(async () => {
    const own = ['busyStep', 'sleepyStep', 'greedyStep'].map((name) => ({ use: steps, export: name }))
    recipe = await recipeOf(sample, {
      steps: own,
      filters: [{ maxTokens: 4000 }],
      balance: { maxShare: 0.5 },
    })
    report = await measure(recipe, { workers: [1, 2] })
  })

  test('gives a report of the form that is saved', () => {
    assert.deepEqual(benchReport.parse(JSON.parse(JSON.stringify(report))), report)
    assert.equal(report.data.rows, 40)
    assert.ok(report.data.tokens > 1000)
    assert.deepEqual(
      report.scaling.map(({ workers, rounds }) => [workers, rounds.length]),
      [
        [1, 2],
        [2, 2],
      ],
    )
  })

  test('has the stages of the recipe, by the names that were told before', () => {
    const names = stageNames(recipe)
    for (const { name } of report.stages) assert.ok(names.includes(name), name)
    for (const name of ['readTraces', 'countTokens', 'keepWithinTokens', 'balanceLanguages', 'writeJsonl'])
      assert.ok(stageOf(report, name), name)
  })

  test('finds the steps that take most, and knows them for the own ones', () => {
    const largest = report.stages.toSorted((a, b) => b.share - a.share).slice(0, 2)
    assert.deepEqual(largest.map(({ name }) => name).sort(), ['busyStep', 'sleepyStep'])
    const own = report.stages.filter(({ isOwn }) => isOwn).map(({ name }) => name)
    assert.deepEqual(own.sort(), ['busyStep', 'greedyStep', 'sleepyStep'])
  })

  test('tells waiting from work', () => {
    assert.equal(stageOf(report, 'sleepyStep').bound, 'waiting')
    assert.ok(stageOf(report, 'sleepyStep').cpu! < stageOf(report, 'busyStep').cpu!)
  })

  test('counts what a step makes', () => {
    // 8 bytes a slot, or 4 where V8 is built to compress pointers
    const { allocatedBytesPerRow } = stageOf(report, 'greedyStep')
    assert.ok(allocatedBytesPerRow! > 3.5 * SLOTS && allocatedBytesPerRow! < 12 * SLOTS)
    assert.ok(stageOf(report, 'identity').allocatedBytesPerRow! < SLOTS)
  })

  test('counts the bytes that a step declares to read, and what is decompressed', () => {
    assert.equal(stageOf(report, 'busyStep').touchedBytesPerRow, 0)
    const contents = stageOf(report, 'greedyStep').touchedBytesPerRow!
    const all = stageOf(report, 'readTraces').touchedBytesPerRow!
    assert.ok(contents > 1000 && contents < all)
    assert.ok(stageOf(report, 'readTraces').decompressing! > 0)
    assert.equal(report.limits.decompression[0]!.codec, 'SNAPPY')
  })

  test('shows the floor, and leaves it out of the whole', () => {
    const floors = report.stages.filter(({ isFloor }) => isFloor)
    assert.deepEqual(
      floors.map(({ name }) => name),
      ['identity'],
    )
    const whole = report.stages.reduce((sum, { share, isFloor }) => sum + (isFloor ? 0 : share), 0)
    assert.ok(Math.abs(whole - 1) < 1e-9)
  })
})

describe('a measurement', () => {
  test('leaves nothing behind, and profiles of each worker where they are asked for', async (t) => {
    const folder = await temporaryFolder(t)
    const temporary = await watchedFolder(t)
    await writeRows(path.join(folder, 'rows.jsonl'), traceRows(30))
    const profiles = path.join(folder, 'new/profiles')
    await measure(await recipeOf(path.join(folder, 'rows.jsonl')), { workers: [2], profiles })
    assert.deepEqual(await readdir(temporary), [])
    const files = (await readdir(profiles)).sort()
    assert.deepEqual(files, ['worker-1.cpuprofile', 'worker-2.cpuprofile'])
    for (const file of files) {
      const { nodes, samples, timeDeltas } = JSON.parse(await readFile(path.join(profiles, file), 'utf8'))
      assert.ok(nodes.length > 0)
      assert.equal(samples.length, timeDeltas.length)
    }
  })

  test('leaves nothing behind when a step fails, and says which', async (t) => {
    const folder = await temporaryFolder(t)
    const temporary = await watchedFolder(t)
    await writeRows(path.join(folder, 'rows.jsonl'), traceRows(3))
    const recipe = await recipeOf(path.join(folder, 'rows.jsonl'), {
      steps: [{ use: steps, export: 'failingStep' }],
    })
    await assert.rejects(measure(recipe), /step 'failingStep' failed at .*rows\.jsonl, row 0: no/)
    assert.deepEqual(await readdir(temporary), [])
  })

  test('of no rows is refused', async (t) => {
    const file = path.join(await temporaryFolder(t), 'rows.jsonl')
    await writeFile(file, '\n\n')
    await assert.rejects(measure(await recipeOf(file)), { code: 'SOURCE_UNREADABLE' })
  })
})
