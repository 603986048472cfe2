import { codeOf } from './exit-codes.ts'
import { safeText } from './safe-text.ts'
import type { Screen } from './screen.ts'

/** Says what went wrong, and with `verbose` where. */
export function reportError(error: unknown, screen: Screen, verbose: boolean): void {
  const { paint } = screen
  const message = error instanceof Error ? error.message : String(error)
  const unexpected = codeOf(error) === 'UNEXPECTED'
  screen.write(`${paint.bad('sluice:')} ${safeText(message)}\n`)
  if (verbose) screen.write(`\n${paint.faint(safeText(stackOf(error)))}\n`)
  else if (unexpected) screen.write(paint.faint('This should not happen. --verbose shows where it did.\n'))
}

/** The stacks of an error and of what caused it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`
}
