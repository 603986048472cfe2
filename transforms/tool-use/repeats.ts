import type { Call } from '../trajectory.ts'

/** How often an agent asks for the same again: same tool, same arguments byte for byte. */
export interface Repeats {
  /** calls that equal an earlier one */
  readonly repeated: number
  /** the longest run of equal calls one after the other; 0 without calls */
  readonly longestRun: number
}

export function countRepeats(calls: readonly Call[]): Repeats {
  const seen = new Set<string>()
  let repeated = 0
  let longestRun = 0
  let run = 0
  let previous: string | null = null
  for (const call of calls) {
    const key = `${call.name.length} ${call.name}${call.arguments}`
    if (seen.has(key)) repeated++
    seen.add(key)
    run = key === previous ? run + 1 : 1
    longestRun = Math.max(longestRun, run)
    previous = key
  }
  return { repeated, longestRun }
}
