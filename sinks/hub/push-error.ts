import { SluiceError } from '../../pipeline/errors.ts'
import { redact } from '../../sources/hub/redact.ts'

/**
 * What another look may bring: `unclear` when the Hub may have made the commit all the same, `expired` when the storage
 * no longer takes what it was to take, `final` when nothing is to be hoped for.
 */
type Outlook = 'final' | 'unclear' | 'expired'

interface PushErrorOptions {
  readonly status?: number | null
  readonly outlook?: Outlook
  readonly cause?: unknown
}

/** What kept a push from being carried through. The message is free of tokens and signed addresses. */
export class PushError extends SluiceError {
  readonly code = 'STEP_FAILED'
  /** the answer's status; null when there was none */
  readonly status: number | null
  readonly outlook: Outlook

  constructor(message: string, { status = null, outlook = 'final', ...options }: PushErrorOptions = {}) {
    super(redact(message), options)
    this.status = status
    this.outlook = outlook
  }
}
