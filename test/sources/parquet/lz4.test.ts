import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decompressLz4 } from '../../../sources/parquet/lz4.ts'
import { PageError } from '../../../sources/parquet/page-error.ts'

/** `abc`, eight bytes from three before, `d`: with 20 literals first, so that a length needs a second byte. */
const block = Buffer.concat([
  Buffer.from([0xf0, 20 - 15]),
  Buffer.from('01234567890123456abc'),
  Buffer.from([3, 0]),
  Buffer.from([0x10]),
  Buffer.from('d'),
])
const text = '01234567890123456abcabcad'

/** Hadoop's frame around a block. */
function framed(bytes: Buffer, size: number): Buffer {
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32BE(size)
  sizes.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([sizes, bytes])
}

describe('LZ4', () => {
  test('gives what a block holds, with and without the frames of Hadoop', () => {
    const give = (codec: 'LZ4' | 'LZ4_RAW', input: Buffer, size: number): string =>
      Buffer.from(decompressLz4(codec, input, size)).toString()
    assert.equal(give('LZ4_RAW', block, text.length), text)
    assert.equal(give('LZ4', block, text.length), text)
    assert.equal(give('LZ4_RAW', Buffer.from([0]), 0), '')
    const frames = Buffer.concat([framed(block, text.length), framed(block, text.length)])
    assert.equal(give('LZ4', frames, 2 * text.length), text + text)
  })

  test('is refused when it gives more or less than the page declares, or ends early', () => {
    const refused = (codec: 'LZ4' | 'LZ4_RAW', input: Buffer, size: number): void =>
      assert.throws(() => decompressLz4(codec, input, size), PageError)
    for (const codec of ['LZ4', 'LZ4_RAW'] as const) {
      for (const size of [0, text.length - 1, text.length + 1]) refused(codec, block, size)
      for (let end = 0; end < block.length; end++) refused(codec, block.subarray(0, end), text.length)
    }
    refused('LZ4_RAW', framed(block, text.length), text.length)
    const before = Buffer.from([0x10, 0x61, 9, 0, 0x10, 0x62])
    refused('LZ4_RAW', before, 6)
  })
})
