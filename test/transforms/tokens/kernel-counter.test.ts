import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kernelsRun } from '../../../pipeline/batch/kernel.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { ENCODING_NAMES } from '../../../transforms/tokens/encodings.ts'
import { KernelCounter, makeKernelImage } from '../../../transforms/tokens/kernel-counter.ts'
import { openCounter } from '../../../transforms/tokens/token-counter.ts'
import { columnOf } from './column-of.ts'
import { fuzzText, seeded } from './fuzz-texts.ts'

const FUZZ_TEXTS = 60_000
const FUZZ_SEED = 20_261_126
const TEXTS_A_CALL = 500

const skip = kernelsRun ? false : 'kernels do not run here: no SIMD, or SLUICE_KERNELS=off'

for (const encoding of ENCODING_NAMES)
  describe(`the kernel of ${encoding}`, { skip }, () => {
    const memory = new Memory()
    const kernel = new KernelCounter(encoding, memory, makeKernelImage(encoding))
    const twin = openCounter({ encoding })

    const assertEqual = (texts: readonly Uint8Array[]): void => {
      const column = columnOf(memory, texts)
      const counts = kernel.countSlots(column, 0, texts.length)
      texts.forEach((text, slot) => {
        assert.equal(
          counts[slot],
          twin.countBytes(text, 0, text.length),
          JSON.stringify(Buffer.from(text).toString()),
        )
      })
      column.release()
    }

    test(`counts ${FUZZ_TEXTS} fuzz texts as its twin does, one after the other`, () => {
      const random = seeded(FUZZ_SEED)
      for (let done = 0; done < FUZZ_TEXTS; done += TEXTS_A_CALL)
        assertEqual(Array.from({ length: TEXTS_A_CALL }, () => Buffer.from(fuzzText(random))))
    })

    test('counts bytes that are no UTF-8 as its twin does', () => {
      const random = seeded(3)
      const noise = () =>
        Uint8Array.from({ length: 1 + random(200) }, () => (random(2) === 0 ? random(256) : 32 + random(95)))
      for (let done = 0; done < 10_000; done += TEXTS_A_CALL)
        assertEqual(Array.from({ length: TEXTS_A_CALL }, noise))
    })

    test('counts pieces of any length, around every bound of a window, a cache and the scratch', () => {
      const lengths = [
        1, 2, 3, 7, 8, 9, 15, 16, 17, 62, 63, 64, 65, 66, 127, 128, 129, 247, 248, 249, 5_000, 70_000,
      ]
      const units = [
        'a',
        'ab',
        'xq',
        'Z',
        ' ',
        '\n',
        '\t ',
        '=',
        '/',
        '0',
        '字',
        'é',
        '😀',
        'aA',
        "'s",
        '\r\n',
      ]
      for (const length of lengths)
        assertEqual(
          units.map((unit) => Buffer.from(unit.repeat(Math.ceil(length / unit.length)).slice(0, length))),
        )
    })

    test('null counts nothing, and a call takes nothing of the memory for good', () => {
      const column = { refs: new Uint32Array(2000), length: 1000 }
      assert.deepEqual([...kernel.countSlots(column, 10, 12)], [0, 0])
      const before = memory.live
      kernel.countSlots(column, 0, 1000)
      assertEqual([Buffer.from('qzjx'.repeat(100_000))])
      assert.equal(memory.live, before)
    })

    test('counts the same in another thread’s memory from the same image, whatever was counted before', () => {
      const image = makeKernelImage(encoding)
      const other = new Memory()
      // What an earlier use leaves in a block must not be taken for pieces.
      const used = other.allocate(64 << 20)
      other.bytes.fill(0xff, used.address, used.address + used.size)
      other.free(used)
      const fresh = new KernelCounter(encoding, other, image)
      const random = seeded(11)
      const texts = Array.from({ length: 300 }, () => Buffer.from(fuzzText(random)))
      assert.deepEqual(
        fresh.countSlots(columnOf(other, texts), 0, texts.length),
        kernel.countSlots(columnOf(memory, texts), 0, texts.length),
      )
    })
  })
