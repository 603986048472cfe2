import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { benchReport } from '../../../pipeline/bench/report.ts'
import { temporaryFolder } from '../../support/runners.ts'
import { sluice } from './bin.ts'
import { traceRows, writeRows } from './trace-files.ts'

const steps = fileURLToPath(new URL('../bench/own-steps.ts', import.meta.url))
const FAST = ['--rounds', '2', '--workers', '1']

/** A folder with a recipe over some rows, with a step of its own. */
async function recipeFolder(t: TestContext): Promise<string> {
  const cwd = await temporaryFolder(t)
  await writeRows(path.join(cwd, 'data/rows.jsonl'), traceRows(12))
  const recipe = { from: ['data'], name: 'own', steps: [{ use: steps, export: 'busyStep' }] }
  await writeFile(path.join(cwd, 'recipe.yaml'), JSON.stringify(recipe))
  return cwd
}

describe('sluice bench', () => {
  test('prints what each stage takes, and saves it as JSON and as a picture', async (t) => {
    const cwd = await recipeFolder(t)
    const temporary = path.join(cwd, 'temporary')
    await mkdir(temporary)
    const results = ['--json', 'new/bench.json', '--picture', 'new/bench.svg']
    const { code, stdout, stderr } = await sluice(['bench', 'recipe.yaml', ...FAST, ...results], {
      cwd,
      env: { TMPDIR: temporary },
    })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^ {2}own: 12 rows, .* tokens in 1 bundle of 1 file$/m)
    assert.match(stdout, /^ {2}busyStep +\d+ % +[█▏▎▍▌▋▊▉]+ +[\d,]+ +[\d,.]+ – [\d,.]+ +\S/m)
    assert.match(stdout, /^ {2}identity, no-op +floor /m)
    assert.match(stdout, /^ {2}What bounds it$/m)
    assert.match(stdout, /^ {2}Scaling over workers$/m)
    assert.match(stderr, /^measuring: round 2 of 2, 1 worker$/m)

    const report = benchReport.parse(JSON.parse(await readFile(path.join(cwd, 'new/bench.json'), 'utf8')))
    assert.equal(report.data.rows, 12)
    assert.equal(report.stages.toSorted((a, b) => b.share - a.share)[0]!.name, 'busyStep')
    assert.match(
      await readFile(path.join(cwd, 'new/bench.svg'), 'utf8'),
      /^<svg .*[\s\S]*busyStep[\s\S]*<\/svg>\n$/,
    )

    // It wrote nothing else.
    assert.deepEqual(await readdir(temporary), [])
    assert.deepEqual((await readdir(cwd)).sort(), ['data', 'new', 'recipe.yaml', 'temporary'])
  })

  test('shows the stages that are asked for, and sums up the others', async (t) => {
    const cwd = await recipeFolder(t)
    const asked = ['--stage', 'countTokens,parse', '--stage', 'busyStep']
    const { code, stdout, stderr } = await sluice(['bench', 'recipe.yaml', ...FAST, ...asked], { cwd })
    assert.equal(code, 0, stderr)
    const [times = ''] = /Where the time goes[\s\S]*?share: of/.exec(stdout) ?? []
    const named = [...times.matchAll(/^ {2}(\w+)(?:, \S+)? +(?:<?\d+ %)/gm)].map(([, name]) => name)
    assert.deepEqual(named, ['parseTrajectories', 'countTokens', 'busyStep'])
    assert.match(times, /^ {2}\d+ others +\d+ %/m)
  })

  test('sets a measurement beside one that was saved', async (t) => {
    const cwd = await recipeFolder(t)
    const saved = await sluice(['bench', 'recipe.yaml', ...FAST, '--json', 'before.json'], { cwd })
    assert.equal(saved.code, 0, saved.stderr)
    const compared = ['bench', 'recipe.yaml', ...FAST, '--limit', '6', '--compare', 'before.json']
    const { code, stdout, stderr } = await sluice(compared, { cwd })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^ {2}Against before\.json$/m)
    assert.match(
      stdout,
      /^ {2}all, 1 worker +\d\.\d{3} +\d+\.\d{3} – \d+\.\d{3} +(faster|slower|no difference shown)$/m,
    )
    assert.match(stdout, /^ {2}busyStep +\S+ +\S+ +\d\.\d{3} +\d+\.\d{3} – \d+\.\d{3} +\S/m)
    assert.match(stdout, /Not measured alike: rows 12, now 6/)
  })

  test('refuses what it can not do before it measures anything', async (t) => {
    const cwd = await recipeFolder(t)
    await writeFile(path.join(cwd, 'other.json'), '{"format": 1}')
    await writeFile(path.join(cwd, 'no.json'), 'no')
    const cases: readonly [args: readonly string[], message: RegExp][] = [
      [['--stage', 'countTokesn'], /there is no stage 'countTokesn'; did you mean countTokens\?/],
      [['--rounds', '0'], /--rounds: found '0', allowed is a whole number from 1/],
      [['--workers', '1,x'], /--workers: found 'x', allowed is a whole number from 1/],
      [['--limit', 'many'], /--limit: found 'many'/],
      [['--compare', 'other.json'], /--compare: other\.json is not what --json writes: /],
      [['--compare', 'no.json'], /--compare: no\.json can't be read as JSON: /],
      [['--compare', 'nope.json'], /--compare: nope\.json can't be read as JSON: ENOENT/],
      [['--json', 'data'], /--json: data is a folder, and a file is needed/],
      [['--profile', 'trl'], /--profile: here it is a folder for CPU profiles/],
      [['--runner', 'direct'], /there is no flag --runner/],
      [['more'], /there is no place for 'more' here: bench takes one recipe/],
    ]
    for (const [args, message] of cases) {
      const { code, stderr } = await sluice(['bench', 'recipe.yaml', ...args], { cwd })
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`)
      assert.match(stderr, message)
      assert.doesNotMatch(stderr, /measuring/)
    }
    assert.deepEqual((await readdir(cwd)).sort(), ['data', 'no.json', 'other.json', 'recipe.yaml'])
  })

  test('stops when it is interrupted, and leaves nothing', async (t) => {
    const cwd = await recipeFolder(t)
    const temporary = path.join(cwd, 'temporary')
    await mkdir(temporary)
    const { code, stderr } = await sluice(['bench', 'recipe.yaml', '--json', 'bench.json'], {
      cwd,
      env: { TMPDIR: temporary },
      onStderr: (soFar, kill) => {
        if (soFar.includes('round 1') && !soFar.includes('SIGINT')) kill('SIGINT')
      },
    })
    assert.equal(code, 130, stderr)
    assert.match(stderr, /stopped by SIGINT; nothing was written/)
    assert.deepEqual(await readdir(temporary), [])
    assert.ok(!(await readdir(cwd)).includes('bench.json'))
  })
})
