import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { FileWindows, groupSmall } from '../../../sources/hub/file-windows.ts'
import { RangeWindows } from '../../../sources/hub/range-windows.ts'
import { ReadAhead } from '../../../sources/hub/read-ahead.ts'

const KIB = 1 << 10
const MIB = 1 << 20
const CONTENT = randomBytes(24 * MIB)

/** A source that notes what it is asked for. */
function source() {
  const asked: { offset: number; length: number }[] = []
  return {
    asked,
    size: CONTENT.length,
    async read(offset: number, length: number) {
      asked.push({ offset, length })
      return CONTENT.subarray(offset, offset + length)
    },
    close() {},
  }
}

const bytesAsked = ({ asked }: ReturnType<typeof source>) =>
  asked.reduce((sum, { length }) => sum + length, 0)

test('small neighbours are fetched together, large ranges by themselves', () => {
  const range = (start: number, size: number) => ({ start, end: start + size })
  assert.deepEqual(groupSmall([range(5 * MIB, 3 * MIB), range(100, 10), range(0, 50), range(MIB, 1)]), [
    { start: 0, end: 110, small: true },
    { start: MIB, end: MIB + 1, small: true },
    { start: 5 * MIB, end: 8 * MIB, small: false },
  ])
})

test('whatever is read in whatever order, the bytes are the right ones', async () => {
  const anyRange = fc
    .tuple(fc.integer({ min: 0, max: 20 * MIB }), fc.integer({ min: 1, max: 4 * MIB }))
    .map(([start, size]) => ({ start, end: start + size }))
  const anyRead = fc.tuple(fc.integer({ min: 0, max: 23 * MIB }), fc.integer({ min: 1, max: MIB }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRange, { maxLength: 4 }),
      fc.array(anyRange, { maxLength: 2 }),
      fc.array(anyRange, { maxLength: 5 }),
      fc.array(anyRead, { maxLength: 20 }),
      async (next, perhaps, whole, reads) => {
        const ahead = new ReadAhead(source())
        ahead.expect({
          next: next.map((range) => ({ ...range, until: (range.start + range.end) >> 1 })),
          perhaps,
        })
        ahead.prefetch(whole)
        const wholly = whole.map(({ start, end }) => [start, end - start] as const)
        for (const [offset, length] of [...reads, ...wholly]) {
          const bytes = await ahead.read(offset, length)
          assert.ok(bytes.equals(CONTENT.subarray(offset, offset + length)))
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('a range that is read through is fetched once, in few requests', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  ahead.expect({ next: [{ start: 0, end: CONTENT.length, until: CONTENT.length }], perhaps: [] })
  for (let offset = 0; offset < CONTENT.length; offset += 64 * KIB) await ahead.read(offset, 64 * KIB)
  assert.equal(bytesAsked(from), CONTENT.length)
  assert.ok(from.asked.length <= 12, `${from.asked.length} requests`)
})

test('of a range that is jumped through little more is fetched than is read', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  ahead.expect({ next: [], perhaps: [{ start: 0, end: CONTENT.length }] })
  for (let offset = 0; offset < CONTENT.length; offset += MIB) await ahead.read(offset, 16 * KIB)
  assert.ok(bytesAsked(from) <= 24 * 64 * KIB, `${bytesAsked(from)} bytes`)
})

test('small ranges of which pieces may be read are fetched together when the first of them is read', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  const perhaps = [0, 40, 80].map((at) => ({ start: at * KIB, end: (at + 30) * KIB }))
  ahead.expect({ next: [], perhaps })
  assert.deepEqual(from.asked, [])
  for (const { start } of perhaps) await ahead.read(start + KIB, KIB)
  assert.deepEqual(from.asked, [{ offset: 0, length: 110 * KIB }])
})

test('ranges that will be read whole are fetched at once, neighbours together, each once', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  const ranges = [10, 0, 1].map((at) => ({ start: at * MIB, end: at * MIB + 990 * KIB }))
  ahead.prefetch(ranges)
  const asked = [
    { offset: 0, length: MIB + 990 * KIB },
    { offset: 10 * MIB, length: 990 * KIB },
  ]
  assert.deepEqual(from.asked, asked)
  for (const { start, end } of ranges) await ahead.read(start, end - start)
  assert.deepEqual(from.asked, asked)
})

test('of ranges that will be read whole no more is ahead than memory allows', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  const ranges = Array.from({ length: 8 }, (_, at) => ({ start: 3 * at * MIB, end: (3 * at + 2.8) * MIB }))
  ahead.prefetch(ranges)
  assert.ok(bytesAsked(from) <= 16 * MIB, `${bytesAsked(from)} bytes`)
  for (const { start, end } of ranges) await ahead.read(start, end - start)
  assert.equal(from.asked.length, ranges.length)
})

test('little is fetched beyond the part that is expected to be read', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  ahead.expect({ next: [{ start: 0, end: CONTENT.length, until: CONTENT.length / 4 }], perhaps: [] })
  for (let offset = 0; offset < CONTENT.length / 4; offset += 64 * KIB) await ahead.read(offset, 64 * KIB)
  assert.ok(bytesAsked(from) <= CONTENT.length / 4 + 4 * MIB, `${bytesAsked(from)} bytes`)
})

test('what is asked for again is fetched past all that is held', async () => {
  const from = source()
  const ahead = new ReadAhead(from)
  ahead.expect({ next: [{ start: 0, end: MIB, until: MIB }], perhaps: [] })
  ahead.prefetch([{ start: 10 * MIB, end: 11 * MIB }])
  await ahead.read(0, KIB)
  from.asked.length = 0
  for (const offset of [0, 10 * MIB]) await ahead.again(offset, KIB)
  assert.deepEqual(from.asked, [
    { offset: 0, length: KIB },
    { offset: 10 * MIB, length: KIB },
  ])
})

test('what two readers read of a file in turns, each passing over what the other reads, is fetched once', async () => {
  const from = source()
  const file = new FileWindows(from.read, 2)
  const readers = [new ReadAhead(from, file), new ReadAhead(from, file)]
  const next = [{ start: 0, end: CONTENT.length, until: CONTENT.length }]
  for (const reader of readers) reader.expect({ next, perhaps: [] })
  for (let lease = 0; lease < 12; lease++)
    for (const [at, reader] of readers.entries())
      for (let page = 0; page < 8; page++) {
        const offset = lease * 2 * MIB + page * 256 * KIB
        const length = lease % 2 === at ? 256 * KIB : 4 * KIB
        assert.ok((await reader.read(offset, length)).equals(CONTENT.subarray(offset, offset + length)))
      }
  assert.equal(bytesAsked(from), CONTENT.length)
})

test('a reader that is far behind does not make the others hold all', async () => {
  const from = source()
  const held = new RangeWindows(
    { start: 0, end: CONTENT.length },
    { firstWindow: MIB, largestWindow: MIB, ahead: 2 * MIB, coming: MIB, held: 4 * MIB },
    2,
    from.read,
  )
  const [fast, slow] = [{}, {}]
  for (const reader of [fast, slow]) held.expect(reader, CONTENT.length)
  for (let at = 0; at < CONTENT.length; at += MIB) await held.read(fast, at, MIB)
  assert.equal(bytesAsked(from), CONTENT.length)
  from.asked.length = 0
  assert.ok((await held.read(slow, 0, KIB)).equals(CONTENT.subarray(0, KIB)))
  assert.deepEqual(from.asked, [{ offset: 0, length: KIB }])
})
