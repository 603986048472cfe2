import { characterAt, WIDTH_SHIFT } from './characters.ts'
import { NUMBER } from './unicode-classes.ts'

const LONGEST_NUMBER = 3

/** `\p{N}{1,3}`: where the number that starts at `start` ends; a longer one goes on in the next piece. */
export function endOfNumber(bytes: Uint8Array, start: number, end: number): number {
  let index = start
  for (let digits = 0; digits < LONGEST_NUMBER && index < end; digits++) {
    const character = characterAt(bytes, index, end)
    if ((character & NUMBER) === 0) break
    index += character >> WIDTH_SHIFT
  }
  return index
}
