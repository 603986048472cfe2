import type { Call } from '../trajectory.ts'

/** How often an agent asks for the same again: same tool, same arguments byte for byte. */
export interface Repeats {
  /** calls that equal an earlier one */
  readonly repeated: number
  /** the longest run of equal calls one after the other; 0 without calls */
  readonly longestRun: number
}

export function countRepeats(calls: readonly Call[]): Repeats {
  const seen = new Map<string, SeenTexts>()
  let repeated = 0
  let longestRun = 0
  let run = 0
  let previousName: string | null = null
  let previousArguments = ''
  for (const call of calls) {
    const { name, arguments: given } = call
    let texts = seen.get(name)
    if (!texts) {
      texts = new SeenTexts()
      seen.set(name, texts)
    }
    if (texts.hasOrAdd(given)) repeated++
    run = previousName === name && previousArguments === given ? run + 1 : 1
    longestRun = Math.max(longestRun, run)
    previousName = name
    previousArguments = given
  }
  return { repeated, longestRun }
}

/** Texts that were seen, by length: hashing whole files costs more than comparing the few of one length. */
class SeenTexts {
  readonly #byLength = new Map<number, string | Set<string>>()

  /** Whether the text was seen before. */
  hasOrAdd(text: string): boolean {
    const alike = this.#byLength.get(text.length)
    if (alike === undefined) {
      this.#byLength.set(text.length, text)
      return false
    }
    if (typeof alike === 'string') {
      if (alike === text) return true
      this.#byLength.set(text.length, new Set([alike, text]))
      return false
    }
    if (alike.has(text)) return true
    alike.add(text)
    return false
  }
}
