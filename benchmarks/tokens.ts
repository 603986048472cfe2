/**
 * How many MB of text a second do the token counters count, next to @dqbd/tiktoken, gpt-tokenizer, Python tiktoken,
 * Hugging Face tokenizers and merely reading the bytes?
 *
 *     node benchmarks/tokens.ts [--encoding o200k_base] [--rows 500] [--rounds 5] [FILE.parquet...]
 *
 * The texts are those of the trajectories in the files, or are generated. "Cold" is a new counter's first pass over
 * them, "warm" the next pass; `twin` is the counter in plain TypeScript, `kernel` that in WebAssembly, which finds the
 * texts in its memory as it finds them in pages. The contestants take turns, so that what else the machine does hits
 * all of them; rates are medians over the rounds. Counts must be those of Python tiktoken or of @dqbd/tiktoken, or
 * nothing is printed; where gpt-tokenizer or tokenizers count otherwise, the table says so.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { get_encoding } from '@dqbd/tiktoken'
import { parquetReadObjects } from 'hyparquet'
import { Memory } from '../pipeline/batch/memory.ts'
import { ENCODING_NAMES } from '../transforms/tokens/encodings.ts'
import { KernelCounter, makeKernelImage } from '../transforms/tokens/kernel-counter.ts'
import { loadRanks } from '../transforms/tokens/load-ranks.ts'
import { openCounter } from '../transforms/tokens/token-counter.ts'
import type { Message } from '../transforms/trajectory.ts'
import { openGptTokenizer } from './peers/gpt-tokenizer.ts'
import { PEERS_PYTHON } from './peers/python.ts'
import { readCorpus } from './traces/corpus.ts'
import { makeTrajectory } from './traces/trajectory.ts'

const BYTES_PER_MEGABYTE = 1e6
const KILOBYTES_A_ROW = 94.5

const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    encoding: { type: 'string', default: 'o200k_base' },
    rows: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
  },
})
const encoding = ENCODING_NAMES.find((name) => name === values.encoding)
if (encoding === undefined) throw new Error(`--encoding is one of ${ENCODING_NAMES.join(', ')}`)

const texts = (paths.length > 0 ? await readMessages(paths) : generateMessages(Number(values.rows))).flatMap(
  textsOf,
)
const bytes = texts.map((text) => Buffer.from(text))
const megabytes = bytes.reduce((sum, text) => sum + text.length, 0) / BYTES_PER_MEGABYTE
const ranks = loadRanks(encoding)
const image = makeKernelImage(encoding)
const peer = get_encoding(encoding)
const gptTokenizer = await openGptTokenizer(encoding)

const memory = new Memory()
const refs = new Uint32Array(2 * texts.length)
let address = memory.allocate(megabytes * BYTES_PER_MEGABYTE).address
bytes.forEach((text, slot) => {
  memory.bytes.set(text, address)
  refs.set([address, text.length], 2 * slot)
  address += text.length
})
const column = { refs, length: texts.length }

const RANKS = createRequire(import.meta.url).resolve(`@dqbd/tiktoken/encoders/${encoding}.json`)

interface Pass {
  readonly tokens: number
  readonly seconds: number
}

const passes: Record<string, Pass[]> = {}
const book = (name: string, pass: Pass | null) => {
  if (pass) passes[name] = [...(passes[name] ?? []), pass]
}
for (let round = 0; round < Number(values.rounds); round++) {
  const twin = openCounter({ encoding, ranks })
  const kernel = new KernelCounter(encoding, memory, image)
  book(
    'bytes read',
    timed(() => bytes.reduce((sum, text) => sum + text.indexOf(0xff), 0)),
  )
  for (const heat of ['cold', 'warm']) {
    book(
      `kernel, ${heat}`,
      timed(() => sumOf(kernel.countSlots(column, 0, column.length))),
    )
    book(
      `twin, ${heat}`,
      timed(() => bytes.reduce((sum, text) => sum + twin.countBytes(text, 0, text.length), 0)),
    )
  }
  book(
    '@dqbd/tiktoken',
    timed(() => texts.reduce((sum, text) => sum + peer.encode_ordinary(text).length, 0)),
  )
  book(
    'gpt-tokenizer',
    timed(() => texts.reduce((sum, text) => sum + gptTokenizer(text), 0)),
  )
}

book('Python tiktoken', inPython('tiktoken_rate.py'))
book('tokenizers', inPython('tokenizers_rate.py'))

/** They are not exact, and say what they count. */
const INEXACT = ['gpt-tokenizer', 'tokenizers']
const counts = new Set(
  Object.entries(passes).flatMap(([name, each]) =>
    name === 'bytes read' || INEXACT.includes(name) ? [] : each.map(({ tokens }) => tokens),
  ),
)
if (counts.size !== 1) throw new Error(`the counts differ: ${[...counts].join(', ')}`)
const [tokens] = counts
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`)
console.log(
  `${encoding}: ${megabytes.toFixed(1)} MB in ${texts.length} texts, ${tokens} tokens, medians of ${values.rounds} rounds\n`,
)
const rateOf = (name: string) => megabytes / median((passes[name] ?? []).map(({ seconds }) => seconds))
const against = Object.keys(passes).filter((name) => /token/.test(name))
console.log(`${''.padEnd(16)}       MB/s ${against.map((name) => `× ${name}`.padStart(18)).join('')}`)
for (const name of Object.keys(passes)) {
  const ratios = against.map((other) => (rateOf(name) / rateOf(other)).toFixed(1).padStart(18))
  const more = INEXACT.includes(name) ? passes[name]![0]!.tokens - tokens! : 0
  const otherwise = more === 0 ? '' : `  ${more > 0 ? '+' : ''}${more} tokens`
  console.log(`${name.padEnd(16)} ${rateOf(name).toFixed(1).padStart(10)} ${ratios.join('')}${otherwise}`)
}

function timed(work: () => number): Pass {
  const started = performance.now()
  const tokens = work()
  return { tokens, seconds: (performance.now() - started) / 1000 }
}

function inPython(script: string): Pass {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const file = join(folder, 'texts.json')
  writeFileSync(file, JSON.stringify(texts))
  const { status, stdout, stderr } = spawnSync(
    PEERS_PYTHON,
    [join(import.meta.dirname, 'peers', script), encoding!, RANKS, file],
    { encoding: 'utf8' },
  )
  rmSync(folder, { recursive: true })
  if (status !== 0) throw new Error(`${script} failed: ${stderr.slice(-2000)}`)
  const [tokens, seconds] = JSON.parse(stdout) as [number, number]
  return { tokens, seconds }
}

function sumOf(numbers: Uint32Array): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

type Texts = Pick<Message, 'content' | 'reasoning_content' | 'tool_calls'>

function textsOf({ content, reasoning_content, tool_calls }: Texts): string[] {
  const calls = (tool_calls ?? []).flatMap((call) => [call.function.name, call.function.arguments])
  return [content, reasoning_content, ...calls].filter((text): text is string => Boolean(text))
}

async function readMessages(files: readonly string[]): Promise<Texts[]> {
  const messages: Texts[] = []
  for (const file of files) {
    const { buffer } = Uint8Array.from(readFileSync(file))
    for (const row of await parquetReadObjects({ file: buffer })) messages.push(...(row.messages as Texts[]))
  }
  return messages
}

function generateMessages(rows: number): Texts[] {
  const corpus = readCorpus()
  return Array.from(
    { length: rows },
    (_, row) => makeTrajectory({ corpus, seed: 1, row, kilobytes: KILOBYTES_A_ROW }).messages,
  ).flat()
}
