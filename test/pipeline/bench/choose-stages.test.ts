import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseStages, isShown } from '../../../pipeline/bench/choose-stages.ts'
import { stageReport } from './report.ts'

const NAMES = ['readTraces', 'parseTrajectories', 'countTokens', 'keepWithinTokens', 'engine']

describe('stages that are asked for', () => {
  test('are found by name, in any case, or by a part of it', () => {
    assert.deepEqual([...chooseStages(['CountTokens'], NAMES)!], ['countTokens'])
    assert.deepEqual(
      [...chooseStages(['tokens', 'parse'], NAMES)!],
      ['countTokens', 'keepWithinTokens', 'parseTrajectories'],
    )
    assert.deepEqual([...chooseStages(['parse', 'all'], NAMES)!], NAMES)
  })

  test('are refused with the one that was probably meant, and with all there are', () => {
    assert.throws(
      () => chooseStages(['countTokesn'], NAMES),
      /there is no stage 'countTokesn'; did you mean countTokens\? The stages are all, readTraces, /,
    )
    assert.throws(() => chooseStages(['xyz'], NAMES), /there is no stage 'xyz'\. The stages are all, /)
  })

  test('are those that take something, the own ones and the floor when none is asked for', () => {
    assert.equal(chooseStages([], NAMES), null)
    const small = { name: 'x', share: 0.001 }
    assert.equal(isShown(stageReport(small), null), false)
    assert.equal(isShown(stageReport({ ...small, isOwn: true }), null), true)
    assert.equal(isShown(stageReport({ ...small, isFloor: true }), null), true)
    assert.equal(isShown(stageReport({ ...small, share: 0.5 }), null), true)
    assert.equal(isShown(stageReport({ ...small, share: 0.5 }), new Set(['y'])), false)
  })
})
