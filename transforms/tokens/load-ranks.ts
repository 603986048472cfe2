import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { EncodingName } from './encodings.ts'
import { buildRankTable, type RankTable } from './rank-table.ts'

const require = createRequire(import.meta.url)

const ENCODER_FILES: Readonly<Record<EncodingName, string>> = {
  cl100k_base: require.resolve('@dqbd/tiktoken/encoders/cl100k_base.json'),
  o200k_base: require.resolve('@dqbd/tiktoken/encoders/o200k_base.json'),
  p50k_base: require.resolve('@dqbd/tiktoken/encoders/p50k_base.json'),
  r50k_base: require.resolve('@dqbd/tiktoken/encoders/r50k_base.json'),
}

const loaded = new Map<EncodingName, RankTable>()

/**
 * The ranks of an encoding, read from the encoder files that @dqbd/tiktoken ships; equal, token by token, to those that
 * tiktoken downloads. Takes about 0.1 s, once in each thread.
 * Throws what the file system throws where the package is broken.
 */
export function loadRanks(encoding: EncodingName): RankTable {
  let ranks = loaded.get(encoding)
  if (!ranks) {
    ranks = buildRankTable(encoding, parseTokens(readRanks(encoding)))
    loaded.set(encoding, ranks)
  }
  return ranks
}

/** The tokens of an encoding as @dqbd/tiktoken ships them, for `parseTokens`. */
export function readRanks(encoding: EncodingName): string {
  const encoder = JSON.parse(readFileSync(ENCODER_FILES[encoding], 'utf8')) as { bpe_ranks: string }
  return encoder.bpe_ranks
}

/**
 * The package's form: lines of "! <rank of the line's first token> <token> <token> ...", tokens in base64. Token n is
 * bytes[offsets[n], offsets[n + 1]) and has the rank ranks[n].
 */
export function parseTokens(text: string): { bytes: Uint8Array; offsets: Int32Array; ranks: Int32Array } {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
  const tokenCount = lines.reduce((count, [, , ...tokens]) => count + tokens.length, 0)
  const bytes = Buffer.alloc(text.length)
  const offsets = new Int32Array(tokenCount + 1)
  const ranks = new Int32Array(tokenCount)
  let token = 0
  let offset = 0
  for (const [, firstRank, ...line] of lines) {
    for (const [index, base64] of line.entries()) {
      ranks[token] = Number(firstRank) + index
      offset += bytes.write(base64, offset, 'base64')
      offsets[++token] = offset
    }
  }
  return { bytes: bytes.subarray(0, offset), offsets, ranks }
}
