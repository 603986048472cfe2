import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, test } from 'node:test'
import { temporaryFolder } from '../../support/runners.ts'
import { sluice } from './bin.ts'
import { traceRows, writeRows } from './trace-files.ts'

describe('sluice explain', () => {
  test('says of every row what became of it, by the id or the beginning of it', async (t) => {
    const cwd = await temporaryFolder(t)
    const rows = traceRows(12, { 3: { resolved: 0 }, 4: { messages: null }, 5: { trajectory_id: 'row-6' } })
    await writeRows(path.join(cwd, 'rows.jsonl'), rows)
    const filters = ['--resolved', 'passed', '--languages', 'python,go', '--max-tokens', '40']
    const run = await sluice(
      ['run', '--from', 'rows.jsonl', ...filters, '--shard-bytes', '1', '--runner', 'direct'],
      { cwd },
    )
    assert.equal(run.code, 0, run.stderr)
    const explain = async (id: string) => sluice(['explain', 'out', id], { cwd })

    const dropped = (await explain('row-3')).stdout
    assert.match(dropped, /^row-3\n {2}read from +row 3 of rows\.jsonl\n/)
    assert.match(
      dropped,
      /^ {2}verdict +dropped by keepResolved: tests_failed, measured 0, the threshold is 1$/m,
    )
    assert.match(dropped, /^ {2}size +turns 2 .*tool_calls 0/m)

    const failed = (await explain('row-4')).stdout
    assert.match(failed, /^ {2}verdict +failed in parseTrajectories: messages: /m)

    const kept = (await explain('row-11')).stdout
    const place = /^ {2}written +line (\d+) of (data\/\S+)$/m.exec(kept)!
    const written = (await readFile(path.join(cwd, 'out', place[2]!), 'utf8')).split('\n')
    assert.equal(JSON.parse(written[Number(place[1]) - 1]!).trajectory_id, 'row-11')

    assert.equal((await explain('row-6')).stdout.match(/^row-6$/gm)!.length, 2)

    const exact = await explain('row-1')
    assert.match(exact.stdout, /^row-1\n/)
    const beginning = await explain('row-')
    assert.equal(beginning.code, 2)
    assert.match(beginning.stderr, /'row-' is the beginning of 1[01] ids, for instance\n {2}row-0\n/)

    const unknown = await explain('rwo-3')
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /the run has no trajectory 'rwo-3'; did you mean row-3\?$/m)
    const alien = await explain('something-else')
    assert.match(alien.stderr, /it has 12 others$/m)
  })

  test('refuses a folder without a finished run', async (t) => {
    const cwd = await temporaryFolder(t)
    for (const folder of ['.', './nope']) {
      const { code, stderr } = await sluice(['explain', folder, 'x'], { cwd })
      assert.equal(code, 2)
      assert.equal(
        stderr,
        `sluice: there is no finished run in ${folder}: explain wants the output folder of one\n`,
      )
    }
  })
})
