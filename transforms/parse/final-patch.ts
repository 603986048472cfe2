import type { FinalPatch, TraceRow, Turn } from '../trajectory.ts'
import { observedOutput } from './observation.ts'

/**
 * The patch that the agent left: `metadata.model_patch.patch`, else the old top-level `model_patch`, else the
 * last observation that holds a diff (SWE-agent's `submit`, mini-swe-agent's `git diff --cached` or
 * `cat patch.txt`), else none. From an observation it is what follows the first line of the diff, byte for byte
 * but for what the harness wrapped around it.
 *
 * Observations count from the last time that the agent was spoken to and worked on: before that stands another
 * task (a demonstration that ends in a submission of its own) or work that was sent back.
 */
export function findFinalPatch(row: TraceRow, turns: readonly Turn[]): FinalPatch {
  const recorded = row.metadata?.model_patch?.patch
  if (hasText(recorded)) return { patch: recorded, from: 'metadata' }
  const topLevel = row.model_patch
  if (hasText(topLevel)) return { patch: topLevel, from: 'top_level' }
  const patch = lastObservedDiff(turns)
  return patch === null ? { patch: null, from: 'none' } : { patch, from: 'observation' }
}

function hasText(patch: string | null | undefined): patch is string {
  return typeof patch === 'string' && /\S/.test(patch)
}

function lastObservedDiff(turns: readonly Turn[]): string | null {
  let worked = false
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index]!
    if (turn.kind === 'agent') {
      worked ||= turn.calls.length > 0
      continue
    }
    if (worked && turn.kind !== 'feedback') return null
    const observed = turn.kind === 'feedback' || turn.orphanObservation
    const diff = observed ? diffIn(turn.text) : null
    if (diff !== null) return diff
  }
  return null
}

/** The tag that SWE-agent's request for a review puts around the diff, with the line break before it. */
const REVIEW_CLOSE = /\r?\n<\/diff>\s{0,8}$/

function diffIn(observation: string): string | null {
  // Most observations hold no diff: look before anything is unwrapped. Inside JSON a line break is two characters.
  if (!observation.includes('diff --git ') && !observation.includes('--- ')) return null
  const output = observedOutput(observation)
  // `git show` and `git log -p` tell what others did.
  if (/^commit [0-9a-f]{7,40}\b/.test(output.slice(0, 64))) return null
  const start = diffStart(output)
  if (start < 0) return null
  const close = REVIEW_CLOSE.exec(output.slice(-64))
  const end = close ? Math.max(0, output.length - 64) + close.index : output.length
  return output.slice(start, end)
}

/** Where a diff begins: at `diff --git`, else at `---`, `+++` and `@@` on three lines; -1 where there is none. */
function diffStart(text: string): number {
  const git = lineThatStarts(text, 'diff --git ', 0)
  if (git >= 0) return git
  let at = lineThatStarts(text, '--- ', 0)
  while (at >= 0) {
    const added = nextLine(text, at)
    const hunk = text.startsWith('+++ ', added) ? nextLine(text, added) : -1
    if (hunk >= 0 && text.startsWith('@@ -', hunk)) return at
    at = lineThatStarts(text, '--- ', added)
  }
  return -1
}

function lineThatStarts(text: string, start: string, from: number): number {
  if (text.startsWith(start, from) && (from === 0 || text[from - 1] === '\n')) return from
  const found = text.indexOf(`\n${start}`, from)
  return found < 0 ? -1 : found + 1
}

/** Where the line after the one at `at` begins; the end of the text where there is none. */
function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}
