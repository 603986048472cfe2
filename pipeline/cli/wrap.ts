import { stripVTControlCharacters } from 'node:util'
import { columnsOf } from './safe-text.ts'

/** Pieces in lines; their colours take no room. */
export function wrap(
  pieces: readonly string[],
  { between, columns }: { readonly between: string; readonly columns: number },
): string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    const longer = `${last}${between}${piece}`
    if (last !== undefined && columnsOf(stripVTControlCharacters(longer)) <= columns)
      lines[lines.length - 1] = longer
    else lines.push(piece)
  }
  return lines
}
