import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RowBatch } from '../../../pipeline/batch/batch.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { list, string, struct } from '../../../pipeline/batch/schema.ts'
import { TextSlot } from '../../../pipeline/batch/text-slot.ts'
import { ByteWriter } from '../../../pipeline/graph/byte-writer.ts'

/** A batch of one text a row, given as bytes. */
function batchOf(memory: Memory, texts: readonly Uint8Array[]): RowBatch {
  const refs = new Uint32Array(2 * texts.length)
  texts.forEach((text, slot) => {
    const { address } = memory.allocate(text.length)
    memory.bytes.set(text, address)
    refs.set([address, text.length], 2 * slot)
  })
  return new RowBatch(
    memory,
    { schema: struct({ text: string(), more: list(string()) }), added: [] },
    {
      length: texts.length,
      origin: { file: 'x', revision: null, firstRow: 0 },
      columns: {
        texts: new Map([['text', { refs, length: texts.length }]]),
        numbers: new Map(),
        lists: new Map(),
      },
      release: () => {},
    },
  )
}

function assertWritten(texts: readonly Uint8Array[]): void {
  const memory = new Memory()
  const writer = new ByteWriter(memory)
  const batch = batchOf(memory, texts)
  texts.forEach((text, slot) => {
    writer.jsonText(new TextSlot(batch, batch.text('text'), slot))
    const written = Buffer.from(writer.take()).toString()
    const wanted = JSON.stringify(Buffer.from(text).toString())
    assert.equal(written, wanted)
  })
}

test('a text is written as JSON.stringify writes it: every character alone, and between others', () => {
  const characters = Array.from({ length: 0x3000 }, (_, code) => code)
    .concat(0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x1f600, 0x10ffff)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
  assertWritten(characters.map((character) => Buffer.from(character)))
  assertWritten(characters.map((character) => Buffer.from(`sixteen bytes…and${character}${character}more`)))
})

test('a text of any length is written whole, wherever its pieces and vectors end', () => {
  const texts = ['"', 'é', '😀', '\n', 'a', '\u001f'].flatMap((unit) =>
    [0, 1, 15, 16, 17, 31, 33, 65_535, 65_536, 65_537, 200_000].map((length) =>
      Buffer.from('x'.repeat(length % 3) + unit.repeat(Math.ceil(length / unit.length))),
    ),
  )
  assertWritten([...texts, new Uint8Array()])
})

test('bytes that are no UTF-8 become U+FFFD', () => {
  const broken = [
    [0x80],
    [0xc0, 0x80],
    [0xc3],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x9f, 0x98],
    [0xff],
  ]
  assertWritten(broken.map((bytes) => Uint8Array.from([0x61, ...bytes, 0x62])))
  assertWritten(broken.map((bytes) => Uint8Array.from([...Buffer.from('a'.repeat(70_000)), ...bytes])))
})

test('what was written stays when the memory grows, and what is taken is a copy', () => {
  const memory = new Memory()
  const writer = new ByteWriter(memory)
  writer.text('one ')
  memory.allocate(64 << 20)
  writer.raw(Buffer.from('two '))
  writer.text('3'.repeat(3 << 20))
  const taken = Buffer.from(writer.take()).toString()
  writer.text('later')
  assert.equal(taken, `one two ${'3'.repeat(3 << 20)}`)
  assert.equal(writer.length, 5)
})

test('a sized text is UTF-8 after its size, from a slot as from a string', () => {
  const memory = new Memory()
  const writer = new ByteWriter(memory)
  const texts = ['', 'plain', 'ü 😀', 'x'.repeat(3 << 20)].map((text) => Buffer.from(text))
  const invalid = Buffer.from([0x61, 0xff, 0x62])
  const batch = batchOf(memory, [...texts, invalid])
  const sized = (text: Uint8Array) => {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(text.length)
    return Buffer.concat([size, text])
  }
  for (const [slot, text] of [...texts, Buffer.from('a\ufffdb')].entries()) {
    writer.sizedText(new TextSlot(batch, batch.text('text'), slot))
    assert.deepEqual(Buffer.from(writer.take()), sized(text))
    writer.sizedText(text.toString())
    assert.deepEqual(Buffer.from(writer.take()), sized(text))
  }
})
