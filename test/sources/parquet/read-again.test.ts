import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ByteSource } from '../../../sources/parquet/byte-source.ts'
import { isMark, type ReadRow, readRows } from './read-rows.ts'

const golden = (name: string) => readFileSync(join(import.meta.dirname, 'golden', name))

/** A file far away: a bit of it is flipped on the way, the first time that its byte comes. */
function flippedOnce(bytes: Buffer, at: number, bit: number): ByteSource {
  let isFlipped = false
  const fetch = (offset: number, length: number): Buffer => {
    const copy = Buffer.from(bytes.subarray(offset, offset + length))
    if (!isFlipped && at >= offset && at < offset + length) {
      isFlipped = true
      copy[at - offset]! ^= 1 << bit
    }
    return copy
  }
  return {
    size: bytes.length,
    read: fetch,
    again: async (offset, length) => fetch(offset, length),
    close: () => {},
  }
}

for (const name of ['version-1-checksums', 'version-2-checksums', 'plain-checksums']) {
  const bytes = golden(`${name}.parquet`)
  const expected = golden(`${name}.jsonl`)
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ReadRow)
  // A footer has no checksum: what is flipped there may read as another footer.
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  const anyFlip = [fc.nat(footer - 1), fc.nat(7)] as const

  test(`a bit that is flipped on the way to golden/${name}.parquet costs nothing`, async () => {
    await fc.assert(
      fc.asyncProperty(...anyFlip, async (at, bit) => {
        const { rows, leaked } = await readRows(flippedOnce(bytes, at, bit))
        assert.deepEqual(rows, expected)
        assert.equal(leaked, 0)
      }),
      { numRuns: 150 },
    )
  })

  test(`… and where leaves are read early, at most rows that say so`, async () => {
    const paths = ['id', 'language', 'tags', 'turns.role']
    const anyDrops = fc.array(fc.boolean(), { minLength: expected.length, maxLength: expected.length })
    const anyEarly = fc.subarray(paths, { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(...anyFlip, anyEarly, anyDrops, async (at, bit, early, dropped) => {
        const drop = (row: number): boolean => dropped[row]!
        const { rows, leaked } = await readRows(flippedOnce(bytes, at, bit), { early, drop })
        assert.equal(rows.length, expected.length)
        for (const [row, read] of rows.entries()) if (!isMark(read)) assert.deepEqual(read, expected[row])
        assert.equal(leaked, 0)
      }),
      { numRuns: 150 },
    )
  })
}
