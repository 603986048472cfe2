import assert from 'node:assert/strict'
import path from 'node:path'
import { describe, test } from 'node:test'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { SAMPLE, sluice } from './bin.ts'

describe('sluice graph', () => {
  test('shows what runs where, and what each step reads and adds', async (t) => {
    const cwd = await temporaryFolder(t)
    const { code, stdout } = await sluice(['graph', SAMPLE, '--measure', 'kept'], { cwd })
    assert.equal(code, 0)
    assert.match(stdout, /^sample\nmeasure kept: /)
    assert.match(
      stdout,
      /^ {2}keepResolved +filter, asked before the rest of the row is read\n +reads +resolved$/m,
    )
    assert.match(stdout, /^ {2}countTokens +measures\n +reads +trajectory messages\{role content/m)
    assert.match(stdout, /^Committer thread: .*\n +chooses +balanceLanguages, when all bundles are in/m)
    assert.ok(stdout.split('\n').every((line) => line.length <= 100))
    assert.deepEqual(await filesBelow(cwd), [])
  })

  test('draws a Mermaid flowchart, of flags alone too', async (t) => {
    const cwd = await temporaryFolder(t)
    const { stdout } = await sluice(['graph', '--mermaid', '--max-tokens', '10'], { cwd })
    assert.match(stdout, /^flowchart TD\n/)
    assert.match(stdout, /^ {4}step\d+\{\{"keepWithinTokens<br\/>reads tokens"\}\}$/m)
    assert.match(stdout, /^ {2}step\d+ -->\|kept\| step\d+$/m)
  })

  test('needs no data', async (t) => {
    const cwd = await temporaryFolder(t)
    assert.equal((await sluice(['graph', '--from', path.join(cwd, 'nothing')], { cwd })).code, 0)
  })
})
