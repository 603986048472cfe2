/** Where something went wrong, as far as it is known. */
export interface Where {
  readonly step?: string
  readonly file?: string
  /** position in the file, from 0 */
  readonly row?: number
}

/**
 * The base of every error that Sluice raises on purpose. `code` is stable and documented; the message says what
 * was found, where, and what to do about it.
 */
export abstract class SluiceError extends Error {
  abstract readonly code: string
  readonly where: Where

  constructor(message: string, options: { where?: Where; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.where = options.where ?? {}
  }
}

/** A pipeline that can't be planned: the message names the step and what to change. */
export class PlanError extends SluiceError {
  readonly code = 'PLAN_INVALID'
}

/** A recipe, a flag or an option that is not valid. */
export class UsageError extends SluiceError {
  readonly code = 'USAGE'
}

/** A source that can't be opened or listed: no such path, not a Parquet file, a truncated footer. */
export class SourceError extends SluiceError {
  readonly code = 'SOURCE_UNREADABLE'
}

/** A step or a sink threw something that is not about one row: a bug, a full disk. */
export class StepError extends SluiceError {
  readonly code = 'STEP_FAILED'
}

/** The run was cancelled before it was complete. */
export class CancelledError extends SluiceError {
  readonly code = 'CANCELLED'
}

/**
 * Thrown by a step for a row it can't work with. The row ends as `failed` with the field and the message; the
 * run goes on.
 */
export class RowError extends SluiceError {
  readonly code = 'ROW_UNREADABLE'
  /** path of the member at fault: `messages[3].role` */
  readonly field: string

  constructor(field: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.field = field
  }
}

/** A RowError, also one of another copy of this package, as a user's module may bring. */
export function isRowError(error: unknown): error is RowError {
  return error instanceof Error && (error as Partial<RowError>).code === 'ROW_UNREADABLE'
}
