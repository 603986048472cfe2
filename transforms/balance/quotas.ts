import { z } from 'zod'
import { UsageError } from '../../pipeline/index.ts'

const share = z.number().positive().max(1)

/** How many rows each language may keep; exactly one of these. */
export const balancePolicy = z.union([
  z.strictObject({ maxShare: share }),
  z.strictObject({ caps: z.record(z.string(), z.int().nonnegative()) }),
  z.strictObject({ shares: z.record(z.string(), share) }),
  z.strictObject({ temperature: z.number().min(1) }),
])

export type BalancePolicy = z.output<typeof balancePolicy>

/** Rows by language. */
export type Counts = ReadonlyMap<string, number>

/** How many rows of each language stay, at most as many as there are. Languages that may keep none are missing. */
export function quotas(counts: Counts, policy: BalancePolicy): Counts {
  if (counts.size === 0) return counts
  if ('maxShare' in policy) return underShare(counts, policy.maxShare)
  if ('caps' in policy) return underCaps(counts, policy.caps)
  if ('shares' in policy) return inShares(counts, new Map(Object.entries(policy.shares)))
  return inShares(counts, tempered(counts, policy.temperature))
}

/**
 * The largest total T such that no language has more than max(1, ⌊s·T⌋) of it. What is allowed of T rows grows
 * with T, so going down from all rows the first total that allows itself is the largest.
 */
function underShare(counts: Counts, maxShare: number): Counts {
  const needed = Math.ceil(1 / maxShare)
  if (counts.size < needed)
    throw new UsageError(
      `a share of at most ${maxShare} needs ${needed} languages, and the rows left have ${counts.size} (${[...counts.keys()].join(', ')}): raise the share to ${roundUp(1 / counts.size)} or more, or let more languages through`,
    )
  const allowed = (total: number) => {
    const cap = Math.max(1, floor(maxShare * total))
    return new Map([...counts].map(([language, rows]) => [language, Math.min(rows, cap)]))
  }
  let total = sum(counts)
  for (;;) {
    const kept = allowed(total)
    if (sum(kept) >= total) return kept
    total = sum(kept)
  }
}

/** Languages that no cap names keep all their rows. */
function underCaps(counts: Counts, caps: Readonly<Record<string, number>>): Counts {
  return new Map([...counts].map(([language, rows]) => [language, Math.min(rows, caps[language] ?? rows)]))
}

/** The largest total in which every language has its share, rounded down. Shares are scaled to sum to one. */
function inShares(counts: Counts, shares: Counts): Counts {
  const whole = sum(shares)
  const totals = [...shares].map(([language, part]) => ((counts.get(language) ?? 0) * whole) / part)
  const total = Math.min(...totals)
  return new Map([...shares].map(([language, part]) => [language, floor((part / whole) * total)]))
}

/** p ∝ n^(1/τ): 1 leaves the mix as it is, larger values even it out. */
function tempered(counts: Counts, temperature: number): Counts {
  return new Map([...counts].map(([language, rows]) => [language, rows ** (1 / temperature)]))
}

/** 0.29 × 100 is 28.999999999999996: what is whole but for rounding counts as whole. */
function floor(value: number): number {
  return Math.floor(value + 1e-9)
}

function sum(counts: Counts): number {
  return [...counts.values()].reduce((total, rows) => total + rows, 0)
}

function roundUp(value: number): number {
  return Math.ceil(value * 100) / 100
}
