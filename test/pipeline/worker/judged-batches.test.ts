import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, RowBatch, type RowBatchContent } from '../../../pipeline/batch/batch.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { struct } from '../../../pipeline/batch/schema.ts'
import { judgedBatches } from '../../../pipeline/worker/judged-batches.ts'

const COLUMNS = { texts: new Map(), numbers: new Map(), lists: new Map() }

/** Batches of 100 rows that note what is done with them. */
function batchesOf(count: number, hasLater: boolean) {
  const done: string[] = []
  const memory = new Memory()
  const batches = Array.from({ length: count }, (_, at) => {
    const later: RowBatchContent['later'] = {
      want: (wanted) => done.push(`want ${at}: ${wanted.reduce((sum, flag) => sum + flag)}`),
      load: async () => {
        done.push(`load ${at}`)
        return { columns: COLUMNS }
      },
    }
    return new RowBatch(
      memory,
      { schema: struct({}), added: [] },
      {
        length: 100,
        origin: { file: 'a', revision: null, firstRow: 100 * at },
        columns: COLUMNS,
        release: () => done.push(`release ${at}`),
        ...(hasLater && { later }),
      },
    )
  })
  const waiting = [...batches]
  const next = async (): Promise<IteratorResult<Batch>> => {
    const value = waiting.shift()
    return value ? { value, done: false } : { value: undefined, done: true }
  }
  const dropFirst = async (batch: Batch): Promise<void> => {
    batch.outcomes.mark(0, { verdict: 'dropped', step: 'test', reason: 'no', value: null, threshold: null })
  }
  return { done, next, dropFirst }
}

test('batches are judged together, loaded in turn, and released before the next', async () => {
  const { done, next, dropFirst } = batchesOf(3, true)
  for await (const batch of judgedBatches(next, dropFirst)) await (batch as RowBatch).load()
  const expected = [0, 1, 2].flatMap((at) => [`load ${at}`, `release ${at}`])
  assert.deepEqual(done, ['want 0: 99', 'want 1: 99', 'want 2: 99', ...expected])
})

test('no more rows are judged together than memory allows', async () => {
  const { done, next, dropFirst } = batchesOf(25, true)
  for await (const batch of judgedBatches(next, dropFirst)) await (batch as RowBatch).load()
  const together = done.join('\n').split(/(?<=release \d+)\n(?=want)/)
  assert.deepEqual(
    together.map((group) => group.match(/want/g)!.length),
    [11, 11, 3],
  )
})

test('where nothing is left to load, batches come one by one', async () => {
  const { done, next, dropFirst } = batchesOf(2, false)
  const batches = judgedBatches(next, dropFirst)
  await batches.next()
  await batches.next()
  assert.deepEqual(done, ['release 0'])
})

test('whoever stops half-way has all batches released that were read', async () => {
  const { done, next, dropFirst } = batchesOf(3, true)
  for await (const _ of judgedBatches(next, dropFirst)) break
  assert.deepEqual(
    done.filter((what) => what.startsWith('release')),
    ['release 0', 'release 1', 'release 2'],
  )
})
