import { createHash } from 'node:crypto'
import { z } from 'zod'
import { defineSelection, type SelectionRow } from '../../pipeline/index.ts'
import { type BalancePolicy, balancePolicy, quotas } from './quotas.ts'

/** Two numbers that order rows at random; pairs are equal only for the same row. */
interface Ranks {
  readonly first: number[]
  readonly second: number[]
}

/** Ranks of the rows seen, by language. 16 bytes a row. */
type Seen = Record<string, Ranks>

interface Choice {
  /** by language: how many stay, and the rank of the last that does */
  readonly [language: string]: { readonly quota: number; readonly last: readonly [number, number] | null }
}

/** The language of rows that have none. */
const UNKNOWN = 'unknown'

/**
 * Evens out the languages: of each, the rows with the smallest hash(seed, trajectory_id) stay, as many as the
 * policy allows (bottom-k sampling). Which rows stay depends on the seed and the rows, not on their order or on
 * who read them. Ties, which take equal ids or a collision of 48 bits, fall by a hash of id and position.
 */
export const balanceLanguages = defineSelection({
  module: import.meta.url,
  name: 'balanceLanguages',
  options: z.strictObject({ policy: balancePolicy, seed: z.int().default(0) }),
  columns: ['trajectory_id', 'language', 'source_file', 'source_row'],
  open: ({ policy, seed }) => ({
    createAccumulator: (): Seen => ({}),
    addInput: (seen: Seen, row) => {
      const language = languageOf(row)
      seen[language] ??= { first: [], second: [] }
      const [first, second] = ranksOf(row, seed)
      seen[language].first.push(first)
      seen[language].second.push(second)
      return seen
    },
    mergeAccumulators: (parts: readonly Seen[]) => {
      const merged: Seen = {}
      for (const part of parts)
        for (const [language, ranks] of Object.entries(part)) {
          merged[language] ??= { first: [], second: [] }
          for (const rank of ranks.first) merged[language].first.push(rank)
          for (const rank of ranks.second) merged[language].second.push(rank)
        }
      return merged
    },
    extractOutput: (seen: Seen): Choice => choose(seen, policy),
    judge: (choice: Choice, row) => {
      const language = languageOf(row)
      const { quota, last } = choice[language] ?? { quota: 0, last: null }
      const stays = last !== null && compare(ranksOf(row, seed), last) <= 0
      return stays ? null : { reason: 'language_over_quota', value: language, threshold: quota }
    },
  }),
})

function choose(seen: Seen, policy: BalancePolicy): Choice {
  const languages = Object.keys(seen).sort()
  const counts = new Map(languages.map((language) => [language, seen[language]!.first.length]))
  const kept = quotas(counts, policy)
  return Object.fromEntries(
    languages.map((language) => {
      const quota = kept.get(language) ?? 0
      return [language, { quota, last: rankOfLast(seen[language]!, quota) }]
    }),
  )
}

/** The quota-th smallest rank. */
function rankOfLast({ first, second }: Ranks, quota: number): readonly [number, number] | null {
  if (quota === 0) return null
  const order = Uint32Array.from(first, (_, index) => index)
  order.sort((a, b) => compare([first[a]!, second[a]!], [first[b]!, second[b]!]))
  const at = order[quota - 1]!
  return [first[at]!, second[at]!]
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1]
}

function languageOf(row: SelectionRow): string {
  return (row.language as string | null) ?? UNKNOWN
}

function ranksOf(row: SelectionRow, seed: number): readonly [number, number] {
  return [
    hash(`${seed}\n${row.trajectory_id}`),
    hash(`${seed}\n${row.trajectory_id}\n${row.source_file}\n${row.source_row}`),
  ]
}

/** The first 48 bits of the SHA-256. */
function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}
