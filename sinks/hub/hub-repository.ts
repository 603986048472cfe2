import {
  type CommitOperation,
  commitIter,
  createBranch,
  createRepo,
  datasetInfo,
  HubApiError,
} from '@huggingface/hub'
import type { HttpClient } from '../../sources/hub/http-client.ts'
import { encodePath, HubApi, type HubEntry } from '../../sources/hub/hub-api.ts'
import { HubError } from '../../sources/hub/hub-error.ts'
import { PushError } from './push-error.ts'
import { pushFetch } from './push-fetch.ts'

/** A branch as it is at a moment. */
export interface BranchState {
  readonly commit: string
  /** by path */
  readonly files: ReadonlyMap<string, HubEntry>
}

export interface NewCommit {
  readonly operations: readonly CommitOperation[]
  /** the commit that the branch has to be at still */
  readonly parent: string
  readonly title: string
  readonly description: string
  /** called with the path of each large file once the Hub has it */
  onUploaded?(path: string): void
}

/** Longer texts are not read. */
const MAX_TEXT = 64 << 20

/** One dataset on the Hub, through @huggingface/hub over our own connections. Rejects with PushError. */
export class HubRepository {
  readonly #name: string
  readonly #http: HttpClient
  readonly #signal: AbortSignal
  readonly #fetch: typeof fetch
  readonly #common

  constructor(http: HttpClient, name: string, signal: AbortSignal) {
    this.#name = name
    this.#http = http
    this.#signal = signal
    this.#fetch = pushFetch(http, signal)
    const repo = { type: 'dataset' as const, name }
    // The library is never told the token: our fetch adds it, to the Hub's own origin alone.
    this.#common = { repo, hubUrl: http.settings.endpoint, fetch: this.#fetch }
  }

  /** Null where there is no such dataset, or none that we may know of. */
  async visibility(): Promise<'public' | 'private' | null> {
    const { hubUrl, fetch } = this.#common
    const info = await this.#found(() => datasetInfo({ name: this.#name, hubUrl, fetch }))
    return info && (info.private ? 'private' : 'public')
  }

  /** Null where there is no such branch. */
  async branch(branch: string): Promise<BranchState | null> {
    const api = new HubApi(this.#http, this.#signal)
    const commit = await this.#found(() => api.commitOf(this.#name, branch))
    if (commit === null) return null
    const files = await this.#asked(`the files of ${this.#name}`, () => api.files(this.#name, commit, ''))
    return { commit, files: new Map(files.map((file) => [file.path, file])) }
  }

  /** A file of a commit as text. */
  async text(commit: string, path: string): Promise<string> {
    const address = `${this.#http.settings.endpoint}/datasets/${this.#name}/resolve/${commit}/${encodePath(path)}`
    return this.#asked(path, async () => {
      const answer = await this.#http.request(address, { follow: true, signal: this.#signal })
      const bytes = await answer.body.whole(MAX_TEXT)
      if (answer.status !== 200)
        throw new PushError(`${path} of ${this.#name} can't be read: the Hub answers ${answer.status}`, {
          status: answer.status,
        })
      return bytes.toString('utf8')
    })
  }

  /** Private, or as the owner's usual is. That it is there already is no error: another try may have made it. */
  async create(isPrivate: boolean): Promise<void> {
    const options = { ...this.#common, ...(isPrivate && { visibility: 'private' as const }) }
    // Its type asks for a token, which our fetch adds.
    await this.#made(() => createRepo(options as Parameters<typeof createRepo>[0]))
  }

  async createBranch(branch: string): Promise<void> {
    await this.#made(() => createBranch({ ...this.#common, branch }))
  }

  /** Uploads what the Hub does not have yet, then makes the commit, which is all or nothing. Returns its id. */
  async commit(
    branch: string,
    { operations, parent, title, description, onUploaded }: NewCommit,
  ): Promise<string> {
    const made = await this.#asked(`the commit to ${this.#name}`, async () => {
      const events = commitIter({
        ...this.#common,
        branch,
        title,
        description,
        parentCommit: parent,
        operations: [...operations],
        // Xet's protocol would be spoken past our retries.
        useXet: false,
        abortSignal: this.#signal,
      })
      for (;;) {
        const { done, value } = await events.next()
        if (done) return value
        if (value.event === 'fileProgress' && value.state === 'uploading' && value.progress === 1)
          onUploaded?.(value.path)
      }
    })
    const oid = made?.commit.oid
    if (oid === undefined || !/^[0-9a-f]{40}$/.test(oid))
      throw new PushError(`the Hub names no commit that it made in ${this.#name}`, { outlook: 'unclear' })
    return oid
  }

  async #found<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#asked(this.#name, ask)
    } catch (error) {
      if (error instanceof PushError && error.status === 404) return null
      throw error
    }
  }

  async #made(make: () => Promise<unknown>): Promise<void> {
    try {
      await this.#asked(this.#name, make)
    } catch (error) {
      if (!(error instanceof PushError) || error.status !== 409) throw error
    }
  }

  async #asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (cause) {
      this.#signal.throwIfAborted()
      if (cause instanceof PushError) throw cause
      const { name, message } = cause as Error
      if (name === 'NotReadableError')
        throw new PushError(`${what}: a file was changed while it was pushed, and nothing was`, { cause })
      if (cause instanceof HubApiError)
        throw new PushError(`${what}: ${adviceFor(cause.statusCode)} (${message})`, {
          status: cause.statusCode,
          cause,
        })
      const status = cause instanceof HubError ? cause.status : null
      throw new PushError(`${what}: ${message}`, { status, cause })
    }
  }
}

function adviceFor(status: number): string {
  switch (status) {
    case 401:
      return 'the Hub does not know the token: set HF_TOKEN to one that is valid'
    case 403:
      return 'the Hub refuses access: the token needs to be one that may write there'
    case 413:
      return 'that is more than the Hub takes at once'
    default:
      return `the Hub answers ${status}`
  }
}
