import { constants } from 'node:os'
import { CancelledError, SluiceError } from '../errors.ts'

/** What the exit code of the process says, for the manual. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'an error that should not happen: please report it (--verbose shows where)',
  2: 'a recipe, a flag or an argument is not valid',
  3: 'a source can not be read',
  4: 'the run went well and kept no row (--allow-empty makes it a success)',
  5: 'a step or a sink failed: a full disk, a folder that can not be written, a bug in a module',
  130: 'interrupted by SIGINT (Ctrl-C)',
  143: 'ended by SIGTERM',
}

const BY_ERROR: Readonly<Record<string, keyof typeof EXIT_CODES>> = {
  USAGE: 2,
  PLAN_INVALID: 2,
  SOURCE_UNREADABLE: 3,
  NOTHING_KEPT: 4,
  ROW_UNREADABLE: 5,
  STEP_FAILED: 5,
}

/** The stable name of an error; `UNEXPECTED` for those that nobody foresaw. */
export function codeOf(error: unknown): string {
  if (error instanceof SluiceError) return error.code
  return isSystemError(error) ? 'STEP_FAILED' : 'UNEXPECTED'
}

/** A cancelled run is told apart by the signal that it names as its cause. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CancelledError)
    return 128 + constants.signals[error.cause === 'SIGTERM' ? 'SIGTERM' : 'SIGINT']
  return BY_ERROR[codeOf(error)] ?? 1
}

/** The operating system refused something: no space, no permission, no such folder. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error
}
