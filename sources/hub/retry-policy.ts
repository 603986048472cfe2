import { setTimeout } from 'node:timers/promises'

/** How often and how long a request is tried again. */
export interface RetryPolicy {
  /** tries in all that may fail in a row without anything got in between */
  readonly attempts: number
  /** milliseconds before the second try; doubles with each, up to `longestWait` */
  readonly firstWait: number
  readonly longestWait: number
  /** milliseconds that a server may ask us to wait */
  readonly longestAsked: number
}

export const RETRIES: RetryPolicy = {
  attempts: 8,
  firstWait: 500,
  longestWait: 30_000,
  longestAsked: 600_000,
}

/** A try that failed in a way that may pass. */
export class Passing {
  readonly error: Error
  /** milliseconds that the server asked for; null where it did not */
  readonly asked: number | null

  constructor(error: Error, asked: number | null = null) {
    this.error = error
    this.asked = asked
  }
}

/**
 * Tries until a try answers. One that returns `Passing` is repeated after a wait, drawn at random so that many clients
 * don't come back at once, or as long as the server asked for. The last error is thrown when tries are used up, or when
 * the server asks for longer than we wait.
 */
export async function tried<T>(
  attempt: () => Promise<T | Passing>,
  { policy = RETRIES, signal }: { policy?: RetryPolicy; signal: AbortSignal },
): Promise<T> {
  for (let failed = 1; ; failed++) {
    signal.throwIfAborted()
    const answer = await attempt()
    if (!(answer instanceof Passing)) return answer
    const { error, asked } = answer
    if (failed >= policy.attempts || (asked !== null && asked > policy.longestAsked)) throw error
    await setTimeout(asked ?? backoff(failed, policy), undefined, { signal })
  }
}

function backoff(failed: number, { firstWait, longestWait }: RetryPolicy): number {
  const most = Math.min(longestWait, firstWait * 2 ** (failed - 1))
  return most / 2 + (Math.random() * most) / 2
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * Milliseconds that an answer asks us to wait: Retry-After (RFC 9110, seconds or a date), or the `t` of a RateLimit
 * that has nothing left (draft-ietf-httpapi-ratelimit-headers, `"resolvers";r=0;t=55`), and a second more. Null for
 * neither.
 */
export function askedWait(headers: Headers, now = Date.now()): number | null {
  const after = oneOf(headers['retry-after'])
  if (after !== undefined) {
    const until = /^\s*\d+\s*$/.test(after) ? now + Number(after) * 1000 : Date.parse(after)
    if (!Number.isNaN(until)) return Math.max(0, until - now)
  }
  const limit = oneOf(headers.ratelimit)
  const [, left] = /\br=(\d+)/.exec(limit ?? '') ?? []
  const [, seconds] = /\bt=(\d+)/.exec(limit ?? '') ?? []
  return left === '0' && seconds !== undefined ? (Number(seconds) + 1) * 1000 : null
}

function oneOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
