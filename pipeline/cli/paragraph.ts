import type { Screen } from './screen.ts'
import { wrap } from './wrap.ts'

/** Where lines of a report begin. */
export const INDENT = 2

/** Words in as many lines as they need; painted pieces stay whole. */
export function paragraph(
  pieces: readonly string[],
  { room }: Pick<Screen, 'room'>,
  indent = INDENT,
): string[] {
  const lines = wrap(pieces, { between: ' ', columns: room - indent })
  return lines.map((line) => `${' '.repeat(indent)}${line}`)
}
