/**
 * How many MB of text a second does the token counter count, next to @dqbd/tiktoken and to merely reading the bytes?
 *
 *     node benchmarks/tokens.ts [--encoding o200k_base] [--megabytes 4] [--rounds 5] [FILE...]
 *
 * The text is that of the files, or is generated. "Cold" is a new counter's first pass over it, "warm" the next pass.
 * The contestants take turns, so that what else the machine does hits all of them; rates are medians over the rounds.
 */

import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { get_encoding } from '@dqbd/tiktoken'
import { ENCODING_NAMES } from '../transforms/tokens/encodings.ts'
import { loadRanks } from '../transforms/tokens/load-ranks.ts'
import { openCounter } from '../transforms/tokens/token-counter.ts'

const BYTES_PER_MEGABYTE = 1e6
const MESSAGE_LENGTH = 2000
const VOCABULARY = 3000

const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    encoding: { type: 'string', default: 'o200k_base' },
    megabytes: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
  },
})
const encoding = ENCODING_NAMES.find((name) => name === values.encoding)
if (encoding === undefined) throw new Error(`--encoding is one of ${ENCODING_NAMES.join(', ')}`)
const rounds = Number(values.rounds)

const texts =
  paths.length > 0 ? messagesOf(paths) : generatedMessages(Number(values.megabytes) * BYTES_PER_MEGABYTE)
const megabytes = texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0) / BYTES_PER_MEGABYTE

const ranks = loadRanks(encoding)
const peer = get_encoding(encoding)
const scanned = new Uint8Array(MESSAGE_LENGTH * 3)
const encoder = new TextEncoder()

const rates = { 'bytes read': [], cold: [], warm: [], '@dqbd/tiktoken': [] } satisfies Record<
  string,
  number[]
> as Record<'bytes read' | 'cold' | 'warm' | '@dqbd/tiktoken', number[]>
const totals = new Set<number>()
for (let round = 0; round < rounds; round++) {
  const counter = openCounter({ encoding, ranks })
  rates['bytes read'].push(rateOf(readBytes).rate)
  for (const pass of ['cold', 'warm'] as const) {
    const { rate, total } = rateOf((text) => counter.count(text))
    rates[pass].push(rate)
    totals.add(total)
  }
  const { rate, total } = rateOf((text) => peer.encode_ordinary(text).length)
  rates['@dqbd/tiktoken'].push(rate)
  totals.add(total)
}
if (totals.size !== 1) throw new Error(`the counts differ: ${[...totals].join(', ')}`)

const peerRate = median(rates['@dqbd/tiktoken'])
const [tokens] = totals
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`)
console.log(
  `${encoding}: ${megabytes.toFixed(1)} MB in ${texts.length} texts, ${tokens} tokens, ${rounds} rounds`,
)
for (const [name, measured] of Object.entries(rates)) {
  const rate = median(measured)
  console.log(
    `${name.padEnd(16)} ${rate.toFixed(1).padStart(8)} MB/s ${(rate / peerRate).toFixed(1).padStart(8)} x`,
  )
}

function rateOf(work: (text: string) => number): { rate: number; total: number } {
  const started = performance.now()
  let total = 0
  for (const text of texts) total += work(text)
  return { rate: megabytes / ((performance.now() - started) / 1000), total }
}

function readBytes(text: string): number {
  const { written } = encoder.encodeInto(text, scanned)
  let sum = 0
  for (let index = 0; index < written; index++) sum += scanned[index]!
  return sum
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

/** The files' text cut into messages of the length that agents write, so that every contestant does the same calls. */
function messagesOf(files: readonly string[]): string[] {
  return files.flatMap((path) => cut(readFileSync(path, 'utf8')))
}

function cut(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / MESSAGE_LENGTH) }, (_, index) =>
    text.slice(index * MESSAGE_LENGTH, (index + 1) * MESSAGE_LENGTH).toWellFormed(),
  )
}

/** Prose, code, diffs and listings over a vocabulary whose words grow rare as in real text: the same on every run. */
function generatedMessages(bytes: number): string[] {
  let state = 1
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const syllables = 're con ta si ver le mo na get pro in der al est qu or th ing er un lo ck path'.split(' ')
  const makeWord = (): string =>
    Array.from({ length: 1 + below(4) }, () => syllables[below(syllables.length)]).join('')
  const vocabulary = Array.from({ length: VOCABULARY }, makeWord)
  // Half the vocabulary is reached one time in about eleven.
  const word = (): string => vocabulary[Math.floor(VOCABULARY ** (below(1e6) / 1e6))]!
  const words = (count: number, separator: string): string =>
    Array.from({ length: count }, word).join(separator)
  const lines = [
    () => `${words(6 + below(14), ' ')}. I'll ${words(3, ' ')}, then it's ${word()}.`,
    () => `${'    '.repeat(1 + below(4))}if self.${words(2, '_')}(${word()}, ${below(1000)}) != "${word()}":`,
    () =>
      `${'    '.repeat(1 + below(4))}return ${words(3, '.')}[${below(10)}] + ${words(2, '_').toUpperCase()}`,
    () =>
      `@@ -${below(900)},${below(9)} +${below(900)},${below(9)} @@ def ${words(2, '_')}(${words(2, ', ')}):`,
    () => `  File "/usr/lib/${words(3, '/')}.py", line ${below(2000)}, in ${word()}`,
    () =>
      `-rw-r--r-- 1 root root ${below(1e6)} ${words(2, '-')}.${word().slice(0, 2)}  # ${'='.repeat(below(60))}`,
    () => `{"${word()}": ${below(1e5) / 100}, "${words(2, '_')}": ["${word()}", null, true]}`,
    () => `Größe ${word()} → naïve ${word()} 处理 ${below(99)} ✓`,
    () => '',
  ]
  const text: string[] = []
  for (let length = 0; length < bytes; ) {
    const line = lines[below(lines.length)]!()
    text.push(line)
    length += Buffer.byteLength(line) + 1
  }
  return cut(text.join('\n'))
}
