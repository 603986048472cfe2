import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { SAMPLE, SAMPLE_DATA, sluice } from './bin.ts'
import { traceRows, writeRows } from './trace-files.ts'

/** Quicker than threads, with the same result. */
const DIRECT = ['--runner', 'direct']

describe('sluice run', () => {
  test('curates the sample and says where every row went', async (t) => {
    const cwd = await temporaryFolder(t)
    const { code, stdout, stderr } = await sluice(['run', SAMPLE], { cwd })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /\d+ of 100 trajectories kept, [\d,]+ of [\d,]+ tokens \(o200k_base\)/)
    for (const [reason, step] of [
      ['no_patch', 'keepWithPatch'],
      ['patch_too_many_lines', 'keepPatchSize'],
      ['language_not_listed', 'keepLanguages'],
      ['too_many_tokens', 'keepWithinTokens'],
      ['tests_failed', 'keepResolved'],
      ['language_over_quota', 'balanceLanguages'],
    ])
      assert.match(stdout, new RegExp(`^ +${reason} +\\d+ +<?\\d+ % .*${step}$`, 'm'))
    assert.match(stdout, /^ {4}data\/train-00000\.jsonl +\d+ rows +\d+ kB$/m)
    assert.match(stdout, /sluice explain out [\da-f-]{36}$/m)
    assert.match(stderr, /^reading 100 rows \(\d+ kB\) of 4 files$/m)
    assert.ok((await filesBelow(cwd)).includes('out/manifest.json'))
  })

  test('writes the same bytes wherever it is started', async (t) => {
    const here = await temporaryFolder(t)
    const there = await temporaryFolder(t)
    await sluice(['run', SAMPLE, '--out', path.join(here, 'out')], { cwd: here })
    await sluice(['run', path.relative(there, SAMPLE), '--out', 'out'], { cwd: there })
    const files = await filesBelow(path.join(here, 'out'))
    assert.deepEqual(await filesBelow(path.join(there, 'out')), files)
    for (const file of files)
      if (file !== 'run.json')
        assert.deepEqual(
          await readFile(path.join(there, 'out', file)),
          await readFile(path.join(here, 'out', file)),
          file,
        )
  })

  test('runs only the filters whose flags are given', async (t) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'rows.jsonl'), traceRows(6, { 1: { resolved: -1 }, 3: { resolved: 0 } }))
    const flags = (...more: string[]) => [
      'run',
      '--from',
      'rows.jsonl',
      '--fresh',
      '--events',
      'ndjson',
      ...DIRECT,
      ...more,
    ]
    const done = async (...more: string[]) =>
      JSON.parse((await sluice(flags(...more), { cwd })).stdout.trimEnd().split('\n').at(-1)!)
    assert.deepEqual((await done()).rows, { in: 6, kept: 6, dropped: {}, failed: 0 })
    assert.deepEqual((await done('--resolved', 'any')).rows.kept, 6)
    assert.deepEqual((await done('--resolved', 'passed', '--languages', 'Go,rust')).rows, {
      in: 6,
      kept: 1,
      dropped: { language_not_listed: 3, tests_failed: 1, ungraded: 1 },
      failed: 0,
    })
  })

  test('prints nothing but events with --events ndjson, and ends with what was done', async (t) => {
    const cwd = await temporaryFolder(t)
    const { stdout, code } = await sluice(['run', SAMPLE, '--events', 'ndjson'], { cwd })
    assert.equal(code, 0)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      [...new Set(events.map(({ event }) => event))],
      ['planned', 'bundle', 'selecting', 'committed', 'done'],
    )
    const done = events.at(-1)
    assert.deepEqual(Object.keys(done), ['event', 'rows', 'tokens', 'outputs', 'seconds'])
    const { in: all, kept, dropped, failed } = done.rows
    const reasons: number[] = Object.values(dropped)
    assert.equal(
      reasons.reduce((sum, rows) => sum + rows, kept + failed),
      all,
    )
    const csv = await readFile(path.join(cwd, 'out/analysis/trajectories-00000.csv'), 'utf8')
    assert.equal(all, csv.match(/\r\n/g)!.length - 1)
    const training = done.outputs.find((output: { path: string }) => output.path.startsWith('data/'))
    assert.equal(training.rows, kept)
  })

  test('a dry run says what would happen and writes nothing', async (t) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'data/rows.jsonl'), traceRows(3))
    await writeFile(path.join(cwd, 'data/notes.txt'), 'hello\n')
    const before = await filesBelow(cwd)
    const { code, stdout } = await sluice(['run', '--from', 'data', '--max-tokens', '9', '--dry-run'], {
      cwd,
    })
    assert.equal(code, 0)
    assert.match(stdout, /^Reads 3 rows of 1 file, .* in 1 bundle$/m)
    assert.match(stdout, /^ {2}data\/rows\.jsonl +jsonl +3 rows/m)
    assert.match(stdout, /^Passes over 1 file\n {2}data\/notes\.txt /m)
    assert.match(stdout, /^ {2}keepWithinTokens +filter$/m)
    assert.match(stdout, /^Writes to out\/$/m)
    assert.deepEqual(await filesBelow(cwd), before)
  })

  test('a flag takes the place of the recipe, and its paths are seen from the working directory', async (t) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'elsewhere/rows.jsonl'), traceRows(4))
    const recipe = path.join(cwd, 'recipes/all.yaml')
    await writeRows(path.join(cwd, 'recipes/rows.jsonl'), traceRows(1))
    await writeFile(recipe, 'from: [rows.jsonl]\nout: results\nfilters:\n  - maxTokens: 1\n')
    const { code, stderr } = await sluice(
      ['run', 'recipes/all.yaml', '--from', 'elsewhere', '--max-tokens', '1000', ...DIRECT],
      { cwd },
    )
    assert.equal(code, 0, stderr)
    const lines = (await readFile(path.join(cwd, 'recipes/results/data/train-00000.jsonl'), 'utf8')).trimEnd()
    assert.equal(lines.split('\n').length, 4)
    assert.equal(JSON.parse(lines.split('\n')[0]!).source_file, '../elsewhere/rows.jsonl')
  })

  test('a filter of the recipe is switched off by its flag', async (t) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'rows.jsonl'), traceRows(3))
    await writeFile(path.join(cwd, 'r.yaml'), 'from: [rows.jsonl]\nfilters:\n  - requirePatch: true\n')
    assert.equal((await sluice(['run', 'r.yaml', ...DIRECT], { cwd })).code, 4)
    const { code, stdout } = await sluice(['run', 'r.yaml', '--no-require-patch', '--fresh', ...DIRECT], {
      cwd,
    })
    assert.equal(code, 0)
    assert.match(stdout, /3 of 3 trajectories kept/)
  })

  test('names leaves and files in full where no terminal cuts them', async (t) => {
    const cwd = await temporaryFolder(t)
    const leaf = `data/${'a-long-name-of-a-leaf'.repeat(6)}`
    await writeRows(
      path.join(cwd, leaf, 'rows.jsonl'),
      traceRows(2, { 0: { resolved: -1 }, 1: { resolved: -1 } }),
    )
    for (const more of [['--dry-run'], []]) {
      const { stdout } = await sluice(['run', '--from', 'data', ...more, ...DIRECT], { cwd })
      assert.match(stdout, new RegExp(`^ {2}${leaf}`, 'm'))
    }
  })

  test('shows which leaves have few labels, and where failed rows are', async (t) => {
    const cwd = await temporaryFolder(t)
    const ungraded = traceRows(3, { 0: { resolved: null }, 1: { resolved: -1 }, 2: { messages: null } })
    await writeRows(path.join(cwd, 'data/a/rows.jsonl'), ungraded)
    await writeRows(path.join(cwd, 'data/b/rows.jsonl'), traceRows(3))
    const { stdout } = await sluice(['run', '--from', 'data', ...DIRECT], { cwd })
    assert.match(stdout, /Few labels: .*\n {2}data\/a +no label {2}of \d rows?\n\n/)
    assert.match(stdout, /^ {2}failed +1 +17 % .* see out\/failed$/m)
  })
})

describe('exit codes and messages', () => {
  const ends = async (t: TestContext, args: readonly string[], expected: number, message: RegExp) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'rows.jsonl'), traceRows(2))
    await writeFile(path.join(cwd, 'file'), '')
    await writeFile(path.join(cwd, 'broken.parquet'), 'PAR1 and then nothing')
    const { code, stdout, stderr } = await sluice(args, { cwd })
    assert.match(stderr, message)
    assert.equal(code, expected)
    return { cwd, stdout, stderr }
  }

  for (const { what, args, message } of [
    {
      what: 'a flag that is misspelt, with the one that was meant',
      args: ['run', '--max-token', '5'],
      message: /^sluice: there is no flag --max-token; did you mean --max-tokens\?$/m,
    },
    { what: 'a flag without its value', args: ['run', '--from'], message: /--from needs a value/ },
    ...['--csv=maybe', '--require-patch=false', '--fresh=yes', '--dry-run=1', '--verbose=no'].map((flag) => ({
      what: `a switch with a value, ${flag}`,
      args: ['run', '--from', 'rows.jsonl', flag],
      message: new RegExp(`^sluice: ${flag.split('=')[0]} takes no value: `),
    })),
    {
      what: 'values that do not fit, by the names of their flags',
      args: ['run', '--from', 'rows.jsonl', '--profile', 'tlr', '--max-tokens', '8k'],
      message:
        /--max-tokens\n +found '8k', .*did you mean 8000\?\n\n +--profile\n +found 'tlr', .*did you mean trl\?/,
    },
    { what: 'nothing to read', args: ['run'], message: /nothing to read/ },
    {
      what: 'a recipe behind --from',
      args: ['run', '--from', 'rows.jsonl', 'r.yaml'],
      message: /put the recipe first, as in sluice run r\.yaml/,
    },
    {
      what: 'a command that is misspelt',
      args: ['grpah'],
      message: /no command 'grpah'; did you mean graph\?/,
    },
    { what: 'a recipe without run', args: ['r.yaml'], message: /to run a recipe: sluice run r\.yaml/ },
    { what: 'an unknown form of events', args: ['run', '--events', 'xml'], message: /allowed is ndjson/ },
  ])
    test(`2: ${what}`, async (t) => {
      await ends(t, args, 2, message)
    })

  test('2: an output folder that holds an earlier run, until --fresh', async (t) => {
    const { cwd } = await ends(t, ['run', '--from', 'nowhere'], 3, /does not exist/)
    assert.equal((await sluice(['run', '--from', 'rows.jsonl', ...DIRECT], { cwd })).code, 0)
    const again = await sluice(['run', '--from', 'rows.jsonl'], { cwd })
    assert.match(again.stderr, /holds the output of an earlier run.*--fresh/)
    assert.equal(again.code, 2)
    assert.equal((await sluice(['run', '--from', 'rows.jsonl', '--fresh', ...DIRECT], { cwd })).code, 0)
  })

  test('3: a source that can not be read, and no folder is left', async (t) => {
    const { cwd } = await ends(t, ['run', '--from', 'broken.parquet'], 3, /broken\.parquet/)
    assert.deepEqual((await readdir(cwd)).sort(), ['broken.parquet', 'file', 'rows.jsonl'])
  })

  test('0: whoever reads the output stops reading, and the run goes on', async (t) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'rows.jsonl'), traceRows(2))
    const args = ['run', '--from', 'rows.jsonl', '--events', 'ndjson', ...DIRECT]
    const { code, stderr } = await sluice(args, { cwd, hangUp: true })
    assert.deepEqual([code, stderr], [0, ''])
    assert.ok((await filesBelow(cwd)).includes('out/manifest.json'))
  })

  test('4: nothing kept, with the summary; --allow-empty makes it 0', async (t) => {
    const { cwd, stdout } = await ends(
      t,
      ['run', '--from', 'rows.jsonl', '--max-tokens', '1', ...DIRECT],
      4,
      /no row was kept of 2 \(too_many_tokens 2\).*--allow-empty/,
    )
    assert.match(stdout, /0 of 2 trajectories kept/)
    const args = ['run', '--from', 'rows.jsonl', '--max-tokens', '1', '--fresh', ...DIRECT]
    assert.equal((await sluice([...args, '--allow-empty'], { cwd })).code, 0)
    const events = await sluice([...args, '--events', 'ndjson'], { cwd })
    const last = JSON.parse(events.stdout.trimEnd().split('\n').at(-1)!)
    assert.deepEqual([last.event, last.rows.kept, events.code], ['done', 0, 4])
  })

  test('5: an output folder that can not be made', async (t) => {
    await ends(t, ['run', '--from', 'rows.jsonl', '--out', 'file/out'], 5, /file/)
  })

  test('5: a sink that fails, by its name, and nothing is left', async (t) => {
    const cwd = await temporaryFolder(t)
    await writeRows(path.join(cwd, 'rows.jsonl'), traceRows(2))
    await writeFile(
      path.join(cwd, 'full-disk.ts'),
      `import { defineSink } from ${JSON.stringify(new URL('../../../pipeline/index.ts', import.meta.url).href)}
       import { z } from ${JSON.stringify(import.meta.resolve('zod'))}
       export const fullDisk = defineSink({
         module: import.meta.url,
         name: 'fullDisk',
         options: z.object({}),
         open: () => ({
           write: async () => { throw new Error('no space is left') },
           commit: async () => [],
           abort: async () => {},
         }),
       })`,
    )
    await writeFile(path.join(cwd, 'r.yaml'), 'from: [rows.jsonl]\nsinks: [{ use: ./full-disk.ts }]\n')
    const { code, stderr } = await sluice(['run', 'r.yaml'], { cwd })
    assert.match(stderr, /^sluice: sink 'fullDisk' failed: no space is left$/m)
    assert.equal(code, 5)
    assert.deepEqual((await readdir(cwd)).sort(), ['full-disk.ts', 'r.yaml', 'rows.jsonl'])
  })

  test('--verbose and SLUICE_DEBUG show where an error was thrown', async (t) => {
    const { cwd } = await ends(t, ['run', '--from', 'x', '--verbose'], 3, /\n {4}at /)
    const { stderr } = await sluice(['run', '--from', 'x'], { cwd, env: { SLUICE_DEBUG: '1' } })
    assert.match(stderr, /\n {4}at /)
  })

  test('130 and 143: a signal ends the run and leaves nothing behind', async (t) => {
    const cwd = await temporaryFolder(t)
    const content = 'some words that take their time to be counted '.repeat(400)
    const rows = traceRows(1500).map((row, at) => ({
      ...row,
      messages: [{ role: 'user', content: `${at}${content}` }],
    }))
    await writeRows(path.join(cwd, 'rows.jsonl'), rows)
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      let sent = false
      const { code, stderr } = await sluice(['run', '--from', 'rows.jsonl', '--max-share', '0.5'], {
        cwd,
        onStderr(soFar, kill) {
          if (sent || !soFar.includes('reading')) return
          sent = true
          kill(signal)
        },
      })
      assert.match(stderr, new RegExp(`stopped by ${signal}; nothing was written`))
      assert.equal(code, expected)
      assert.deepEqual(await readdir(cwd), ['rows.jsonl'])
    }
  })
})

describe('what a terminal is given', () => {
  test('names from data are spelt out where they hold control characters', async (t) => {
    const cwd = await temporaryFolder(t)
    const folder = 'evil\u001b[2J\u202e\u0007'
    await writeRows(
      path.join(cwd, folder, 'rows.jsonl'),
      traceRows(2, { 0: { resolved: -1 }, 1: { resolved: -1 } }),
    )
    for (const args of [
      ['run', '--from', folder, ...DIRECT],
      ['run', '--from', folder, '--dry-run'],
      ['run', `${folder}/none`],
    ]) {
      const { stdout, stderr } = await sluice(args, { cwd })
      assert.match(stdout + stderr, /evil\\x1b\[2J\\u\{202e\}\\x07/)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u202e]/)
    }
  })

  test('help names every command, the exit codes and the groups of flags', async (t) => {
    const cwd = await temporaryFolder(t)
    const none = await sluice([], { cwd })
    assert.equal(none.code, 0)
    for (const word of [
      'sluice run',
      'sluice inspect',
      'sluice graph',
      'sluice explain',
      'sluice schema',
      'sluice completion',
      '143',
    ])
      assert.ok(none.stdout.includes(word), word)
    const run = await sluice(['run', '--help'], { cwd })
    assert.equal(run.code, 0)
    assert.match(run.stdout, /^What to keep: a filter runs only if its flag is given/m)
    assert.match(run.stdout, /^ +--max-tokens +longest trajectory to keep, in tokens$/m)
  })

  test('completion offers flags and their values', async (t) => {
    const cwd = await temporaryFolder(t)
    const env = { SHELL: '/bin/bash' }
    const offer = async (...words: string[]) =>
      (await sluice(['--get-yargs-completions', 'sluice', ...words], { cwd, env })).stdout.trim().split('\n')
    assert.deepEqual(await offer('run', '--profile', ''), ['canonical', 'trl'])
    assert.ok((await offer('run', '--max')).includes('--max-tokens'))
    assert.ok((await offer('')).includes('completion'))
    const script = await sluice(['completion'], { cwd, env })
    assert.match(script.stdout, /complete .*sluice/)
    assert.deepEqual([script.code, script.stderr], [0, ''])
  })
})

test('the sample is where the recipe says', async () => {
  assert.match(await readFile(SAMPLE, 'utf8'), /^from: \[data\]$/m)
  assert.ok((await filesBelow(SAMPLE_DATA)).length > 0)
})
