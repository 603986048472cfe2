/**
 * The word that was probably meant, or null when none is near. Case, spaces, hyphens and underscores don't count,
 * nor does an ending left out; else up to a third of the letters may be wrong.
 */
export function closestWord(written: string, words: Iterable<string>): string | null {
  const folded = fold(written)
  if (folded === '') return null
  let closest: string | null = null
  let least = Math.max(1, Math.floor(folded.length / 3)) + 1
  for (const word of words) {
    const candidate = fold(word)
    const cut = folded.length >= 3 && candidate.startsWith(folded)
    const distance = candidate === folded ? 0 : cut ? 0.5 : editDistance(folded, candidate, least)
    if (distance >= least) continue
    least = distance
    closest = word
  }
  return closest
}

function fold(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}

/**
 * Letters to insert, drop, replace or swap with their neighbour to make one word of the other (the optimal string
 * alignment distance), or `enough` when it is that or more. Takes time in proportion to the length times `enough`.
 */
export function editDistance(one: string, other: string, enough: number): number {
  if (Math.abs(one.length - other.length) >= enough) return enough
  const outside = (row: number, column: number) => Math.abs(row - column) >= enough
  let before: number[] = []
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const current = new Array<number>(other.length + 1).fill(enough)
    if (!outside(row, 0)) current[0] = row
    const first = Math.max(1, row - enough + 1)
    const last = Math.min(other.length, row + enough - 1)
    for (let column = first; column <= last; column++) {
      const same = one[row - 1] === other[column - 1]
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        above[column]! + 1,
        current[column - 1]! + 1,
        above[column - 1]! + (same ? 0 : 1),
        swapped ? before[column - 2]! + 1 : enough,
        enough,
      )
    }
    before = above
    above = current
  }
  return above[other.length]!
}
