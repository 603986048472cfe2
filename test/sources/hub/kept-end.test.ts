import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { KeptEnd } from '../../../sources/hub/kept-end.ts'
import { temporaryFolder } from '../../support/runners.ts'

const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_, at) => at))

test('the end of a file is fetched once for all who read it, and more of it when more is wanted', async (t) => {
  const kept = path.join(await temporaryFolder(t), 'spool/a.end')
  const asked: number[] = []
  const open = () =>
    new KeptEnd(
      {
        size: CONTENT.length,
        read: (offset, length) => {
          asked.push(length)
          return CONTENT.subarray(offset, offset + length)
        },
        close: () => {},
      },
      kept,
    )
  const end = (source: KeptEnd, length: number) => source.read(CONTENT.length - length, length)
  assert.ok((await end(open(), 100)).equals(CONTENT.subarray(900)))
  assert.ok((await end(open(), 100)).equals(CONTENT.subarray(900)))
  assert.ok((await end(open(), 300)).equals(CONTENT.subarray(700)))
  const last = open()
  assert.ok((await end(last, 8)).equals(CONTENT.subarray(992)))
  assert.ok((await last.read(10, 20)).equals(CONTENT.subarray(10, 30)))
  assert.deepEqual(asked, [100, 300, 20])
})
