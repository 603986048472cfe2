import { closestWord } from '../closest-word.ts'
import { UsageError } from '../errors.ts'
import type { StageReport } from './report.ts'

/** Asks for every stage, however little it takes. */
export const ALL = 'all'

/**
 * The names among those of stages that words ask for: a name itself, or all that a word is a part of, so that `tokens`
 * finds `countTokens`. Null without a word: the caller chooses. Throws UsageError for a word that finds none.
 */
export function chooseStages(words: readonly string[], names: readonly string[]): ReadonlySet<string> | null {
  if (words.length === 0) return null
  if (words.includes(ALL)) return new Set(names)
  return new Set(words.flatMap((word) => stagesOf(word, names)))
}

function stagesOf(word: string, names: readonly string[]): readonly string[] {
  const folded = word.toLowerCase()
  const exact = names.filter((name) => name.toLowerCase() === folded)
  if (exact.length > 0) return exact
  const partly = names.filter((name) => name.toLowerCase().includes(folded))
  if (partly.length > 0) return partly
  const near = closestWord(word, [...names, ALL])
  const meant = near === null ? '.' : `; did you mean ${near}?`
  throw new UsageError(
    `--stage: there is no stage '${word}'${meant} The stages are ${[ALL, ...names].join(', ')}`,
  )
}

/** Stages below this share of the whole are summed up, unless they are asked for. */
const LEAST_SHARE = 0.01

/** Whether a stage is shown by itself. */
export function isShown(stage: StageReport, chosen: ReadonlySet<string> | null): boolean {
  if (chosen) return chosen.has(stage.name)
  return stage.isFloor || stage.isOwn || stage.share >= LEAST_SHARE
}
