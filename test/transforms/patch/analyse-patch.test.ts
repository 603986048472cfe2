import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { analysePatch } from '../../../transforms/patch/analyse-patch.ts'
import { gitNumstat, outside, withoutGit } from './git-oracle.ts'
import { ownNumstat } from './numstat.ts'

const folder = new URL('golden/', import.meta.url)

after(() => rmSync(outside, { recursive: true, force: true }))

function golden(name: string) {
  const patch = readFileSync(new URL(`${name}.patch`, folder), 'utf8')
  const expected = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  return { patch, expected }
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.patch'))
  .map((file) => file.slice(0, -'.patch'.length))

describe('the facts of a patch', () => {
  it('has golden patches to check', () => assert.ok(names.length > 25))

  for (const name of names) {
    it(`are those noted for ${name}`, () => {
      const { patch, expected } = golden(name)
      const { languages, ...facts } = analysePatch(patch)
      assert.deepEqual({ ...facts, languages: Object.fromEntries(languages) }, expected.facts)
      assert.deepEqual(ownNumstat(patch), expected.numstat)
    })
  }

  it('are noted beside what git itself says', { skip: withoutGit }, () => {
    for (const name of names) {
      const { patch, expected } = golden(name)
      assert.deepEqual(gitNumstat(patch), expected.numstat, name)
    }
  })

  it('are zeros for an empty patch, which is not malformed', () => {
    const { paths, languages, language, malformed, malformedReason, ...counts } = analysePatch('')
    assert.deepEqual(Object.values(counts), Array(11).fill(0))
    assert.deepEqual(
      { paths, languages: [...languages], language, malformed, malformedReason },
      { paths: [], languages: [], language: null, malformed: false, malformedReason: null },
    )
  })

  it('leave an unknown language null', () => {
    const patch = 'diff --git a/x.unheardof b/x.unheardof\nold mode 100644\nnew mode 100755\n'
    assert.equal(analysePatch(patch).language, null)
  })

  it('count a /dev/null without a mode line as a new file', () => {
    const patch = 'diff --git a/x.py b/x.py\n--- /dev/null\n+++ b/x.py\n@@ -0,0 +1 @@\n+x\n'
    const { newFiles, paths, malformed } = analysePatch(patch)
    assert.deepEqual({ newFiles, paths, malformed }, { newFiles: 1, paths: ['x.py'], malformed: false })
  })
})
