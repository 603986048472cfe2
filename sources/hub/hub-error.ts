import { SourceError, type Where } from '../../pipeline/errors.ts'
import { redact } from './redact.ts'

/** What the Hub, or the way to it, did that stopped us. The message is free of tokens and signed addresses. */
export class HubError extends SourceError {
  /** the answer's status; null when there was none */
  readonly status: number | null

  constructor(
    message: string,
    { status = null, ...options }: { status?: number | null; where?: Where; cause?: unknown } = {},
  ) {
    super(redact(message), options)
    this.status = status
  }
}
