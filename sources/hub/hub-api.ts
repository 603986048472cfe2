import { datasetInfo, HubApiError, type ListFileEntry, listFiles } from '@huggingface/hub'
import type { PublishedHash } from './content-hash.ts'
import type { HttpClient } from './http-client.ts'
import { HubError } from './hub-error.ts'
import { isPassing } from './passing-errors.ts'
import { askedWait, Passing, tried } from './retry-policy.ts'
import { responseOf, type WholeAnswer, wholeAnswer } from './whole-answer.ts'

/** A file of a commit. */
export interface HubEntry extends PublishedHash {
  /** in the repository, with forward slashes */
  readonly path: string
  readonly size: number
}

/** Questions to the Hub's API, through @huggingface/hub over our own connections. */
export class HubApi {
  readonly #http: HttpClient
  readonly #signal: AbortSignal
  readonly #common: { readonly hubUrl: string; readonly fetch: typeof fetch }

  constructor(http: HttpClient, signal: AbortSignal) {
    this.#http = http
    this.#signal = signal
    this.#common = { hubUrl: http.settings.endpoint, fetch: this.#fetch }
  }

  /** The commit that a revision stands for now. Throws HubError when there is no such dataset or revision. */
  async commitOf(repository: string, revision: string | null): Promise<string> {
    const { sha } = await this.#asked(`${repository}${revision === null ? '' : ` at ${revision}`}`, () =>
      datasetInfo({
        ...this.#common,
        name: repository,
        additionalFields: ['sha'],
        ...(revision !== null && { revision }),
      }),
    )
    if (!/^[0-9a-f]{40}$/.test(sha ?? ''))
      throw new HubError(`the Hub names no commit of ${repository}: ${sha}`)
    return sha
  }

  /** The files of a commit in and below a folder; of a folder that is not there, none. */
  async files(repository: string, commit: string, folder: string): Promise<HubEntry[]> {
    const entries: HubEntry[] = []
    const list = async (): Promise<void> => {
      const listed = listFiles({
        ...this.#common,
        repo: { type: 'dataset', name: repository },
        revision: commit,
        recursive: true,
        path: encodePath(folder),
      })
      for await (const entry of listed) if (entry.type === 'file') entries.push(entryOf(entry))
    }
    try {
      await this.#asked(`the files of ${repository}`, list)
    } catch (error) {
      if (!(error instanceof HubError) || error.status !== 404 || folder === '') throw error
    }
    return entries
  }

  async #asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (cause) {
      this.#signal.throwIfAborted()
      if (cause instanceof HubError) throw cause
      if (!(cause instanceof HubApiError))
        throw new HubError(`the Hub did not tell ${what}: ${(cause as Error).message ?? cause}`, { cause })
      throw new HubError(
        `${what}: ${adviceFor(cause.statusCode, this.#http.settings.token !== null)} (${cause.message})`,
        {
          status: cause.statusCode,
          cause,
        },
      )
    }
  }

  /** A fetch for the library: answers are read whole before it sees them, and what may pass is tried again. */
  readonly #fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const address = input instanceof Request ? input.url : input
    const answer = await tried(
      async () => {
        try {
          const answered = await this.#http.request(address, {
            method: (init.method ?? 'GET') as 'GET',
            headers: Object.fromEntries(new Headers(init.headers)),
            ...(typeof init.body === 'string' && { body: init.body }),
            signal: this.#signal,
          })
          const whole = await wholeAnswer(answered)
          return faultOf(whole, String(address)) ?? whole
        } catch (error) {
          this.#signal.throwIfAborted()
          if (isPassing(error))
            return new Passing(
              new HubError(`${address} did not answer: ${(error as Error).message}`, { cause: error }),
            )
          throw error
        }
      },
      { signal: this.#signal },
    )
    return responseOf(answer, String(address))
  }
}

/** What is wrong with an answer that a later one may do better; null when nothing is. */
function faultOf({ status, headers, bytes }: WholeAnswer, address: string): Passing | null {
  const wrong = (why: string) =>
    new Passing(new HubError(`${address}: ${why}`, { status }), askedWait(headers))
  if (status === 408 || status === 429 || status >= 500) return wrong(`the Hub answers ${status}`)
  const length = headers['content-length']
  if (length !== undefined && Number(length) !== bytes.length)
    return wrong(`the answer has ${bytes.length} bytes and said ${length}`)
  if (status === 200 && !String(headers['content-type'] ?? '').includes('json'))
    return wrong('the answer is no JSON: something on the way answers in the place of the Hub')
  return null
}

function adviceFor(status: number, hasToken: boolean): string {
  switch (status) {
    case 401:
    case 403:
      return hasToken
        ? 'the Hub refuses access: ask for it on the page of the dataset, or use another token'
        : 'the Hub refuses access: set HF_TOKEN, and ask for access on the page of the dataset if it is gated'
    case 404:
      return 'the Hub has no such dataset or revision, or hides it: check the name, and HF_TOKEN if it is private'
    default:
      return `the Hub answers ${status}`
  }
}

/** Throws HubError for a name that would lead out of a folder, or off a line. */
function entryOf({ path, size, oid, lfs }: ListFileEntry): HubEntry {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..') || /\p{Cc}/u.test(path))
    throw new HubError(`the Hub lists a file that can't be named so: ${JSON.stringify(path)}`)
  return { path, size: lfs?.size ?? size, sha256: lfs?.oid ?? null, gitSha1: lfs ? null : (oid ?? null) }
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
