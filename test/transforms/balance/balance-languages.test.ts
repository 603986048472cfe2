import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SelectionRow } from '../../../pipeline/index.ts'
import { balanceLanguages } from '../../../transforms/balance/balance-languages.ts'

const row = (id: string, language: string | null, source_row = 0): SelectionRow => ({
  trajectory_id: id,
  language,
  source_file: 'file',
  source_row,
})

/** The ids that stay when the rows are accumulated in these parts. */
function keep(parts: readonly (readonly SelectionRow[])[], seed = 0): string[] {
  const { definition } = balanceLanguages
  const selection = definition.open({ policy: { caps: { python: 3, go: 2, unknown: 1 } }, seed })
  const accumulators = parts.map((rows) =>
    rows.reduce((seen, each) => selection.addInput(seen, each), selection.createAccumulator()),
  )
  const choice = selection.extractOutput(selection.mergeAccumulators(accumulators))
  return parts
    .flat()
    .filter((each) => selection.judge(choice, each) === null)
    .map((each) => `${each.trajectory_id} ${each.source_row}`)
    .sort()
}

const rows = fc.uniqueArray(
  fc.tuple(fc.stringMatching(/^[a-f]{1,2}$/), fc.constantFrom('python', 'go', null), fc.nat(3)),
  { selector: ([id, , at]) => `${id} ${at}`, minLength: 1, maxLength: 30 },
)

test('the same rows stay in whatever order and parts they are seen', () => {
  const property = fc.property(rows, fc.nat(), fc.nat(5), (given, at, seed) => {
    const all = given.map(([id, language, position]) => row(id, language, position))
    const cut = at % all.length
    assert.deepEqual(keep([all.slice(cut).reverse(), all.slice(0, cut)], seed), keep([all], seed))
  })
  fc.assert(property, { numRuns: 300 })
})

test('exactly as many stay as the quota says, also when ids repeat', () => {
  const repeated = Array.from({ length: 9 }, (_, index) => row('same', 'python', index))
  assert.equal(keep([repeated]).length, 3)
  const unnamed = [row('a', null), row('b', null), row('c', 'go')]
  assert.equal(keep([unnamed]).length, 2)
})

test('another seed keeps other rows', () => {
  const many = Array.from({ length: 50 }, (_, index) => row(`id-${index}`, 'python'))
  assert.notDeepEqual(keep([many], 1), keep([many], 2))
})
