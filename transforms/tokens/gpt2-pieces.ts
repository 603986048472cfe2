import { characterAt, endOfRun, WIDTH_SHIFT } from './characters.ts'
import { APOSTROPHE, contractionLength } from './contraction.ts'
import { LETTER, NUMBER, SYMBOL, WHITE } from './unicode-classes.ts'
import { endBeforeLast } from './white-run.ts'

const SPACE_BYTE = 0x20

/**
 * Where the piece of p50k_base and r50k_base that starts at `start` ends (start < end; text starts and ends there):
 *
 *     '(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s
 */
export function gpt2PieceEnd(bytes: Uint8Array, start: number, end: number): number {
  const firstByte = bytes[start]!
  if (firstByte === APOSTROPHE) {
    const length = contractionLength(bytes, start, end)
    if (length > 0) return start + length
  }
  const body = firstByte === SPACE_BYTE && start + 1 < end ? start + 1 : start
  const character = characterAt(bytes, body, end)
  const afterCharacter = body + (character >> WIDTH_SHIFT)
  if ((character & LETTER) !== 0) return endOfRun(bytes, afterCharacter, end, LETTER)
  if ((character & NUMBER) !== 0) return endOfRun(bytes, afterCharacter, end, NUMBER)
  if ((character & SYMBOL) !== 0) return endOfRun(bytes, afterCharacter, end, SYMBOL)
  const whiteEnd = endOfRun(bytes, start, end, WHITE)
  return whiteEnd === end ? end : endBeforeLast(bytes, start, whiteEnd)
}
