import { HubError } from './hub-error.ts'

/** Codes of Node and undici for a network that may do better next time. */
const PASSING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** Whether trying again can help: a refusal of ours, or a broken certificate, stays what it is. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof HubError) return false
  const code = (error as NodeJS.ErrnoException).code
  if (code !== undefined) return PASSING.has(code)
  // What answer-body.ts throws has no code, nor has what undici wraps.
  return error.cause === undefined
    ? error.name === 'Error' || error.name === 'TypeError'
    : isPassing(error.cause)
}
