import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { changeOf, compare } from '../../../pipeline/bench/compare.ts'
import { benchReportOf, stageReport } from './report.ts'

describe('two measurements beside each other', () => {
  test('of which both are the same show no difference anywhere', () => {
    const report = benchReportOf()
    const { whole, stages, added, gone, differences } = compare(report, report)
    assert.equal(stages.length, report.stages.length)
    assert.equal(whole.length, report.scaling.length)
    for (const { ratio, interval, verdict } of [...whole, ...stages]) {
      assert.equal(ratio, 1)
      assert.ok(interval![0] < 1 && interval![1] > 1)
      assert.equal(verdict, 'no difference shown')
    }
    assert.deepEqual([added, gone, differences], [[], [], []])
  })

  test('say which stage takes twice as long, and that another has gone', () => {
    const before = benchReportOf()
    const stages = before.stages
      .filter(({ name }) => name !== 'keepWithAgent')
      .map((stage) =>
        stage.name === 'countTokens' ? stageReport({ name: stage.name, nanosecondsPerRow: 480_000 }) : stage,
      )
    const after = benchReportOf({ stages: [...stages, stageReport({ name: 'another' })] })
    const comparison = compare(before, after)
    const slower = comparison.stages.filter(({ verdict }) => verdict === 'slower')
    assert.deepEqual(
      slower.map(({ name }) => name),
      ['countTokens'],
    )
    const { ratio, interval } = slower[0]!
    assert.ok(Math.abs(ratio - 2) < 1e-9)
    assert.ok(interval![0] > 1.9 && interval![1] < 2.1)
    assert.deepEqual([comparison.added, comparison.gone], [['another'], ['keepWithAgent']])
  })

  test('tell a sink in the workers from its writing', () => {
    const inWorkers = stageReport({ name: 'writeJsonl' })
    const before = benchReportOf({ stages: [...benchReportOf().stages, inWorkers] })
    const { stages } = compare(before, before)
    assert.deepEqual(
      stages.filter(({ name }) => name === 'writeJsonl').map(({ place }) => place),
      ['committer', 'worker'],
    )
  })

  test('say what was not measured alike', () => {
    const before = benchReportOf()
    const after = benchReportOf({ data: { ...before.data, rows: 2000 } })
    assert.deepEqual(compare(before, after).differences, ['rows 1000, now 2000'])
  })

  test('show nothing from one round', () => {
    assert.deepEqual(changeOf([1], [2]), { ratio: 2, interval: null, verdict: 'no difference shown' })
  })

  test('the other way around are the inverse', () => {
    const times = fc.array(fc.double({ noNaN: true, min: 1, max: 1e6 }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(times, times, (one, other) => {
        const [there, back] = [changeOf(one, other), changeOf(other, one)]
        const close = (a: number, b: number) => assert.ok(Math.abs(Math.log(a / b)) < 1e-6, `${a} and ${b}`)
        close(there.ratio, 1 / back.ratio)
        if (there.interval![1] < 1e12) close(there.interval![0], 1 / back.interval![1])
        assert.ok(there.interval![0] <= there.ratio && there.ratio <= there.interval![1])
      }),
    )
  })

  test('hold the true ratio about as often as the interval says', () => {
    // Noise that is the same on every run.
    let state = 1
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return (state + 0.5) / 2 ** 32
    }
    const noisy = (time: number, noise: number) =>
      time * Math.exp(noise * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()))
    const rounds = (time: number, noise: number) => Array.from({ length: 5 }, () => noisy(time, noise))
    let held = 0
    for (let trial = 0; trial < 2000; trial++) {
      const { interval } = changeOf(rounds(10, 0.1), rounds(13, 0.03))
      if (interval![0] <= 1.3 && 1.3 <= interval![1]) held++
    }
    assert.ok(held > 0.93 * 2000 && held < 0.97 * 2000, `${held} of 2000`)
  })
})
