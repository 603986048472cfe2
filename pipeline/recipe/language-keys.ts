import type { z } from 'zod'
import type { BalancePolicy } from '../../transforms/balance/quotas.ts'
import { normaliseLanguage } from '../../transforms/patch/language.ts'

/** Rows of no known language, as balancing calls them. */
const UNKNOWN = 'unknown'

/** A policy whose languages are spelt as the rows' column spells them, however the recipe did. */
export function languageKeys(policy: BalancePolicy, context: z.RefinementCtx): BalancePolicy {
  const normalised = (member: string, byLanguage: Readonly<Record<string, number>>) => {
    const entries = new Map<string, number>()
    for (const [label, amount] of Object.entries(byLanguage)) {
      const language = label === UNKNOWN ? UNKNOWN : normaliseLanguage(label)
      const complain = (message: string) =>
        context.addIssue({ code: 'custom', path: [member, label], message, params: { at: 'key' } })
      if (language === null) complain('is not a language that linguist knows')
      else if (entries.has(language)) complain(`names ${language} a second time`)
      else entries.set(language, amount)
    }
    return Object.fromEntries(entries)
  }
  if ('caps' in policy) return { caps: normalised('caps', policy.caps) }
  if ('shares' in policy) return { shares: normalised('shares', policy.shares) }
  return policy
}
