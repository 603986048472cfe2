import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { ENCODING_NAMES, RANKS_SHA256 } from '../../../transforms/tokens/encodings.ts'
import { loadRanks } from '../../../transforms/tokens/load-ranks.ts'
import { NO_RANK, type RankTable, rankOf, tokensByRank } from '../../../transforms/tokens/rank-table.ts'
import { openCounter } from '../../../transforms/tokens/token-counter.ts'

for (const encoding of ENCODING_NAMES) {
  test(`the ranks of ${encoding} are, byte for byte, those that Python tiktoken downloads`, () => {
    const file = createHash('sha256')
    for (const [rank, token] of tokensByRank(loadRanks(encoding))) {
      file.update(`${Buffer.from(token).toString('base64')} ${rank}\n`)
    }
    assert.equal(file.digest('hex'), RANKS_SHA256[encoding])
  })

  test(`${encoding} finds the rank of every token, and none for a token with a byte changed into no token`, () => {
    const table = loadRanks(encoding)
    const known = new Set<string>()
    for (const [, token] of tokensByRank(table)) known.add(Buffer.from(token).toString('latin1'))
    for (const [rank, token] of tokensByRank(table)) {
      assert.equal(rankOf(table, token, 0, token.length), rank)
      const changed = Uint8Array.from(token)
      changed[0] = changed[0]! ^ 0x15
      const isToken = known.has(Buffer.from(changed).toString('latin1'))
      assert.equal(rankOf(table, changed, 0, changed.length) !== NO_RANK, isToken)
    }
  })
}

test('every byte is a token of every encoding, so any bytes can be counted', () => {
  for (const encoding of ENCODING_NAMES) {
    const table = loadRanks(encoding)
    for (let byte = 0; byte < 256; byte++) assert.notEqual(rankOf(table, Uint8Array.of(byte), 0, 1), NO_RANK)
  }
})

test('a table posted to a worker thread is shared with it and counts there', async () => {
  const ranks = loadRanks('r50k_base')
  const counterModule = new URL('../../../transforms/tokens/token-counter.ts', import.meta.url).href
  const program = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { openCounter } = await import(${JSON.stringify(counterModule)})
    const counter = openCounter({ encoding: 'r50k_base', ranks: workerData })
    parentPort.postMessage({ tokens: counter.count('Shared, not copied.'), ranks: workerData })
  `
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
  const worker = new Worker(url, { workerData: ranks })
  const [answer] = (await once(worker, 'message')) as [{ tokens: number; ranks: RankTable }]
  assert.equal(answer.tokens, openCounter({ encoding: 'r50k_base', ranks }).count('Shared, not copied.'))
  assert.ok(answer.ranks.slots.buffer instanceof SharedArrayBuffer)
  const last = ranks.pairRanks.length - 1
  const original = ranks.pairRanks[last]!
  answer.ranks.pairRanks[last] = original - 1
  assert.equal(ranks.pairRanks[last], original - 1)
  await worker.terminate()
})
