import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundOfRun, boundOfStage } from '../../../pipeline/bench/bound.ts'

test('a stage is bound by what takes most of its time', () => {
  const stage = { cpu: 1, decompressing: null, roofline: 0.1 }
  assert.equal(boundOfStage(stage), 'CPU')
  assert.equal(boundOfStage({ ...stage, cpu: 0.1 }), 'waiting')
  assert.equal(boundOfStage({ ...stage, decompressing: 0.7 }), 'decompression')
  assert.equal(boundOfStage({ ...stage, roofline: 0.8 }), 'memory')
  assert.equal(boundOfStage({ cpu: null, decompressing: null, roofline: null }), 'CPU')
})

test('a run is bound by its committer, by what its workers wait for, or by them', () => {
  assert.equal(boundOfRun({ busy: 0.9, cpu: 0.9, queued: 0.1, committing: 0.2 }), 'CPU')
  assert.equal(boundOfRun({ busy: 0.5, cpu: 0.9, queued: 0.1, committing: 0.95 }), 'committer')
  assert.equal(boundOfRun({ busy: 0.5, cpu: 0.9, queued: 0.1, committing: 0.2 }), 'waiting')
  assert.equal(boundOfRun({ busy: 0.9, cpu: 0.2, queued: 0, committing: 0.2 }), 'waiting')
  assert.equal(boundOfRun({ busy: 0.9, cpu: 0.5, queued: 0.5, committing: 0.9 }), 'processors')
})
