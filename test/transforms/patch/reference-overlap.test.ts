import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { overlapWithReference } from '../../../transforms/patch/reference-overlap.ts'

describe('the overlap with the reference patch', () => {
  it('counts distinct shared files, as shares of both', () => {
    assert.deepEqual(overlapWithReference(['a', 'a', 'b', 'c', 'd'], ['a', 'b', 'x']), {
      shared: 2,
      shareOfPatch: 0.5,
      shareOfReference: 2 / 3,
    })
  })

  it('is zero for a patch without files and null for a reference without files', () => {
    assert.deepEqual(overlapWithReference([], ['a']), { shared: 0, shareOfPatch: 0, shareOfReference: 0 })
    assert.equal(overlapWithReference(['a'], []), null)
  })
})
