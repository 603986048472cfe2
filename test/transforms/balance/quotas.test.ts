import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { UsageError } from '../../../pipeline/index.ts'
import { type BalancePolicy, quotas } from '../../../transforms/balance/quotas.ts'

const kept = (counts: Record<string, number>, policy: BalancePolicy) =>
  Object.fromEntries(quotas(new Map(Object.entries(counts)), policy))
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, rows) => sum + rows, 0)

describe('a largest share', () => {
  test('keeps the largest total in which no language has more', () => {
    assert.deepEqual(kept({ python: 90, go: 10, rust: 10 }, { maxShare: 0.5 }), {
      python: 20,
      go: 10,
      rust: 10,
    })
    assert.deepEqual(kept({ python: 3, go: 3 }, { maxShare: 0.5 }), { python: 3, go: 3 })
    assert.deepEqual(kept({ python: 29, go: 29, c: 29, rust: 13 }, { maxShare: 0.29 }), {
      python: 29,
      go: 29,
      c: 29,
      rust: 13,
    })
  })

  test('equals the best total found by trying all of them', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 })
    const property = fc.property(counts, fc.integer({ min: 1, max: 100 }), (rows, percent) => {
      const maxShare = percent / 100
      fc.pre(rows.length >= Math.ceil(1 / maxShare))
      const byName = Object.fromEntries(rows.map((count, index) => [`language${index}`, count]))
      const allowed = (all: number) =>
        rows.reduce((sum, count) => sum + Math.min(count, Math.max(1, Math.floor((percent * all) / 100))), 0)
      let best = total(byName)
      while (allowed(best) < best) best--
      assert.equal(total(kept(byName, { maxShare })), best)
    })
    fc.assert(property, { numRuns: 500 })
  })

  test('that too few languages can fill is an error that says so', () => {
    assert.throws(
      () => kept({ python: 5, go: 5 }, { maxShare: 0.3 }),
      new UsageError(
        'a share of at most 0.3 needs 4 languages, and the rows left have 2 (python, go): raise the share to 0.5 or more, or let more languages through',
      ),
    )
  })

  test('of no rows is no rows', () => {
    assert.deepEqual(kept({}, { maxShare: 0.3 }), {})
  })
})

test('caps bound the languages they name', () => {
  assert.deepEqual(kept({ python: 5, go: 5, c: 1 }, { caps: { python: 2, c: 4 } }), {
    python: 2,
    go: 5,
    c: 1,
  })
})

test('shares give each language its part of the largest total there is', () => {
  assert.deepEqual(kept({ python: 100, go: 10 }, { shares: { python: 0.75, go: 0.25 } }), {
    python: 30,
    go: 10,
  })
  assert.deepEqual(kept({ python: 100 }, { shares: { python: 0.5, go: 0.5 } }), { python: 0, go: 0 })
})

test('a temperature of 1 keeps everything, a higher one evens out', () => {
  const counts = { python: 100, go: 25 }
  assert.deepEqual(kept(counts, { temperature: 1 }), counts)
  assert.deepEqual(kept(counts, { temperature: 2 }), { python: 50, go: 25 })
})
