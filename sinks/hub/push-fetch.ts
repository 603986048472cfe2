import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { HttpClient, HttpRequest } from '../../sources/hub/http-client.ts'
import { isPassing } from '../../sources/hub/passing-errors.ts'
import { askedWait, Passing, tried } from '../../sources/hub/retry-policy.ts'
import { responseOf, type WholeAnswer, wholeAnswer } from '../../sources/hub/whole-answer.ts'
import { PushError } from './push-error.ts'

/** The Hub takes its time for a commit of many files, and the storage to put parts together. */
const PATIENCE = 300_000

/** What a request is for, as far as it matters to what may be done about an answer. */
type Purpose = 'ask' | 'store' | 'commit'

/**
 * A fetch for @huggingface/hub over our own connections: it alone knows the token. What can be asked twice without
 * harm is tried again when it may pass. The commit can't: where its answer leaves open whether it was made, the error
 * says that it is unclear. Bodies come from disk as they are sent, and answers are read whole.
 */
export function pushFetch(http: HttpClient, signal: AbortSignal): typeof fetch {
  return async (input, init = {}) => {
    const address = input instanceof Request ? input.url : String(input)
    const either = init.signal ? AbortSignal.any([signal, init.signal]) : signal
    const purpose = purposeOf(init.method ?? 'GET', address)
    const { body, headers } = bodyOf(init.body)
    const options: HttpRequest = {
      method: (init.method ?? 'GET') as 'GET',
      ...(body !== undefined && { body }),
      headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers },
      patience: PATIENCE,
      signal: either,
    }
    const attempt = async (): Promise<WholeAnswer | Passing> => {
      try {
        return judged(await wholeAnswer(await http.request(address, options)), purpose, address)
      } catch (error) {
        either.throwIfAborted()
        if (error instanceof PushError || !isPassing(error)) throw error
        const message = `${plain(address)} did not answer: ${(error as Error).message}`
        if (purpose === 'commit') throw new PushError(message, { outlook: 'unclear', cause: error })
        return new Passing(new PushError(message, { cause: error }))
      }
    }
    return responseOf(await tried(attempt, { signal: either }), plain(address))
  }
}

function purposeOf(method: string, address: string): Purpose {
  if (method === 'PUT') return 'store'
  return method === 'POST' && /\/commit\/[^/]+$/.test(new URL(address).pathname) ? 'commit' : 'ask'
}

function bodyOf(body: RequestInit['body']): Pick<HttpRequest, 'body' | 'headers'> {
  if (body === null || body === undefined) return {}
  if (typeof body === 'string') return { body }
  if (!(body instanceof Blob)) throw new TypeError('a body is a text or a blob')
  if (body.size === 0) return { body: new Uint8Array() }
  return {
    body: () => Readable.fromWeb(body.stream() as ReadableStream),
    headers: { 'content-length': String(body.size) },
  }
}

/** The answer, or why it is none that tells anything. Throws PushError where asking once more would not be the same. */
function judged(answer: WholeAnswer, purpose: Purpose, address: string): WholeAnswer | Passing {
  const { status, headers } = answer
  const why = faultOf(answer, purpose)
  if (why === null) {
    if (purpose !== 'store' || status < 300) return answer
    throw new PushError(`${plain(address)}: the storage answers ${status}`, { status, outlook: 'expired' })
  }
  // Who is asked to wait was not heard.
  if (purpose === 'commit' && status !== 429)
    throw new PushError(`${plain(address)}: ${why}`, { status, outlook: 'unclear' })
  return new Passing(new PushError(`${plain(address)}: ${why}`, { status }), askedWait(headers))
}

/** What is wrong with an answer that a later one may do better; null when nothing is. */
function faultOf({ status, headers, bytes }: WholeAnswer, purpose: Purpose): string | null {
  const type = String(headers['content-type'] ?? '')
  if (status === 408 || status === 429 || status >= 500) return `the answer is ${status}`
  // S3 says so of a connection that was still for too long.
  if (purpose === 'store' && status === 400 && bytes.includes('<Code>RequestTimeout</Code>'))
    return 'the storage waited too long for the next bytes'
  if (status >= 300) return null
  if (purpose === 'store' ? type.includes('text/html') : !type.includes('json'))
    return 'something on the way answers in the place of the Hub'
  return null
}

/** Addresses are told without what gives access. */
function plain(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname
}
