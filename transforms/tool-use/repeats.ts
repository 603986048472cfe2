import type { Call } from '../trajectory.ts'

/** How often an agent asks for the same again: same tool, same arguments byte for byte. */
export interface Repeats {
  /** calls that equal an earlier one */
  readonly repeated: number
  /** the longest run of equal calls one after the other; 0 without calls */
  readonly longestRun: number
}

export function countRepeats(calls: readonly Call[]): Repeats {
  // By tool, then by arguments: a key of both would copy the arguments, which can be whole files.
  const seen = new Map<string, Set<string>>()
  let repeated = 0
  let longestRun = 0
  let run = 0
  let previous: Call | undefined
  for (const call of calls) {
    const already = seen.get(call.name) ?? new Set()
    if (already.size === 0) seen.set(call.name, already)
    if (already.has(call.arguments)) repeated++
    else already.add(call.arguments)
    run = previous?.name === call.name && previous.arguments === call.arguments ? run + 1 : 1
    longestRun = Math.max(longestRun, run)
    previous = call
  }
  return { repeated, longestRun }
}
