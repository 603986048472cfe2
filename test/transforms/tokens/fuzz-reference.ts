import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { ENCODING_NAMES, type EncodingName } from '../../../transforms/tokens/encodings.ts'
import { KernelCounter, makeKernelImage } from '../../../transforms/tokens/kernel-counter.ts'
import { openCounter } from '../../../transforms/tokens/token-counter.ts'
import { columnOf } from './column-of.ts'
import { fuzzText, seeded } from './fuzz-texts.ts'

/**
 * Counts random texts by the kernel, by its twin and by Python tiktoken, in every encoding, and fails where any two
 * differ. SLUICE_PYTHON names a Python with tiktoken, `python3` by default.
 *
 *     node test/transforms/tokens/fuzz-reference.ts [--texts 500000] [--seed 1]
 */
const { values } = parseArgs({
  options: { texts: { type: 'string', default: '500000' }, seed: { type: 'string', default: '1' } },
})
const TEXTS_A_ROUND = 50_000

let differences = 0
for (const encoding of ENCODING_NAMES) {
  const started = performance.now()
  const random = seeded(Number(values.seed))
  const memory = new Memory()
  const kernel = new KernelCounter(encoding, memory, makeKernelImage(encoding))
  const twin = openCounter({ encoding })
  let texts = 0
  let bytes = 0
  let differ = 0
  while (texts < Number(values.texts)) {
    const length = Math.min(TEXTS_A_ROUND, Number(values.texts) - texts)
    const round = Array.from({ length }, () => Buffer.from(fuzzText(random)))
    const reference = countInPython(encoding, round)
    const column = columnOf(memory, round)
    const counts = kernel.countSlots(column, 0, length)
    column.release()
    for (const [at, text] of round.entries()) {
      const expected = reference.readUInt32LE(4 * at)
      if (counts[at] === expected && twin.countBytes(text, 0, text.length) === expected) continue
      differ++
      console.error(`${encoding}: ${JSON.stringify(text.toString())} has ${expected} tokens`)
    }
    texts += length
    bytes += round.reduce((sum, text) => sum + text.length, 0)
  }
  differences += differ
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(
    `${encoding}: ${texts} texts, ${(bytes / 1e6).toFixed(1)} MB, ${differ} differences, ${seconds} s`,
  )
}
process.exitCode = differences > 0 ? 1 : 0

function countInPython(encoding: EncodingName, texts: readonly Buffer[]): Buffer {
  const input = Buffer.concat(
    texts.flatMap((text) => {
      const header = Buffer.alloc(4)
      header.writeUInt32LE(text.length)
      return [header, text]
    }),
  )
  const ranks = createRequire(import.meta.url).resolve(`@dqbd/tiktoken/encoders/${encoding}.json`)
  const script = path.join(import.meta.dirname, 'fuzz-reference.py')
  const python = process.env.SLUICE_PYTHON ?? 'python3'
  const { status, stdout, stderr } = spawnSync(python, [script, encoding, ranks], {
    input,
    maxBuffer: 1 << 30,
  })
  if (status !== 0) throw new Error(`${python} with tiktoken is needed: ${stderr}`)
  return stdout
}
