import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { type Fault, Faults } from './faults.ts'
import { Link } from './link.ts'
import { type Commit, commitOf, type RepositoryFile } from './repository.ts'
import { serveFile } from './serve-file.ts'
import { Uploads } from './uploads.ts'

interface FakeHubOptions {
  /** folders by revision, by dataset: `{ 'nvidia/Open-SWE-Traces': { main: '/folder' } }` */
  readonly datasets: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** who does not send it is refused; null lets everybody in */
  readonly token?: string | null
  /** seconds that a signed address is good for */
  readonly urlSeconds?: number
  /** files that the list of files has on a page */
  readonly pageSize?: number
  /** milliseconds before each answer, as a round trip takes */
  readonly latency?: number
  /** bytes of files a second, of all answers together; null for as fast as it goes */
  readonly rate?: number | null
  /** names that every list of files ends with, of files that are not there */
  readonly claims?: readonly string[]
  /** datasets that are private; those that are made say so themselves */
  readonly private?: readonly string[]
  /** bytes of a part of an upload; null for uploads that are all one */
  readonly partBytes?: number | null
  /** where uploads are sent; null for the other host */
  readonly storage?: string | null
}

/** A request that came in. */
export interface Seen {
  readonly on: Fault['on']
  readonly method: string
  readonly path: string
  readonly range: string | null
  readonly authorization: string | null
  /** milliseconds, on the clock of performance.now() */
  readonly at: number
  /** what went wrong with it */
  readonly fault: Fault | null
  /** bytes of the answer with its headers, once it has ended */
  readonly sent: number
}

/**
 * A server that speaks the Hub's protocol as far as reading datasets goes: information on a revision, lists of files in
 * pages, addresses of files, and a CDN on another host with signed addresses that expire; what is written, Uploads take.
 * It is told what to do wrong.
 */
export class FakeHub {
  readonly faults = new Faults()
  readonly seen: Seen[] = []
  readonly #options: Required<FakeHubOptions>
  readonly #commits = new Map<string, Map<string, Commit>>()
  readonly #uploads: Uploads
  readonly #secret = randomBytes(16)
  readonly #link: Link | null
  readonly #hub: Server
  readonly #cdn: Server

  private constructor(options: FakeHubOptions) {
    this.#options = {
      token: null,
      urlSeconds: 3600,
      pageSize: 1000,
      latency: 0,
      rate: null,
      claims: [],
      private: [],
      partBytes: null,
      storage: null,
      ...options,
    }
    this.#uploads = new Uploads({
      commits: this.#commits,
      private: this.#options.private,
      partBytes: this.#options.partBytes,
      token: this.#options.token,
      hub: () => this.endpoint,
      storage: () => this.#options.storage ?? this.cdn,
      note: (on, request, response) => this.#note(on, request, response),
    })
    this.#link = this.#options.rate === null ? null : new Link(this.#options.rate)
    for (const [dataset, revisions] of Object.entries(options.datasets)) {
      const commits = Object.entries(revisions).map(([name, folder]) => [name, commitOf(folder)] as const)
      this.#commits.set(dataset, new Map(commits))
    }
    this.#hub = createServer((request, response) => this.#serve(request, response, this.#answer))
    this.#cdn = createServer((request, response) => this.#serve(request, response, this.#answerFile))
  }

  static async start(options: FakeHubOptions): Promise<FakeHub> {
    const hub = new FakeHub(options)
    await Promise.all(
      [hub.#hub, hub.#cdn].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))),
    )
    return hub
  }

  /** for HF_ENDPOINT */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`
  }

  /** Another origin, as the Hub's CDN is. */
  get cdn(): string {
    return `http://localhost:${(this.#cdn.address() as AddressInfo).port}`
  }

  /** The commit that a revision stands for. */
  commit(dataset: string, revision = 'main'): string {
    return this.#commits.get(dataset)!.get(revision)!.sha
  }

  /** The files that a revision has. */
  files(dataset: string, revision = 'main'): RepositoryFile[] {
    return [...this.#commits.get(dataset)!.get(revision)!.files.values()]
  }

  /** Lets a branch stand for what another folder holds, as a push does. */
  push(dataset: string, revision: string, folder: string): void {
    const commits = this.#commits.get(dataset)!
    const before = commits.get(revision)
    if (before) commits.set(before.sha, before)
    commits.set(revision, commitOf(folder))
  }

  /** What was made by clients. */
  get made(): Uploads {
    return this.#uploads
  }

  async close(): Promise<void> {
    this.#uploads.close()
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    answer: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>,
  ): Promise<void> {
    if (this.#options.latency > 0) await setTimeout(this.#options.latency)
    try {
      await answer(request, response, new URL(request.url!, this.endpoint))
    } catch (error) {
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    }
  }

  /** Notes the request; answers what is to go wrong with it, having done so where that is all of the answer. */
  #note(
    on: Fault['on'],
    request: IncomingMessage,
    response: ServerResponse,
  ): { fault: Fault | null; done: boolean } {
    const { method, url, headers } = request
    const seen = {
      on,
      method: method!,
      path: url!,
      range: headers.range ?? null,
      authorization: headers.authorization ?? null,
      at: performance.now(),
      fault: null as Fault | null,
      sent: 0,
    }
    const { socket } = request
    const before = socket.bytesWritten
    response.on('close', () => {
      seen.sent = socket.bytesWritten - before
    })
    this.seen.push(seen)
    const fault = this.faults.next(on)
    seen.fault = fault
    switch (fault?.kind) {
      case 'status':
        response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
        response.end('{"error":"as asked for"}')
        return { fault, done: true }
      case 'portal':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the network</html>')
        return { fault, done: true }
      case 'redirect':
        response.writeHead(302, { location: fault.location }).end()
        return { fault, done: true }
      case 'reset':
        if (fault.after !== undefined) return { fault, done: false }
        request.socket.resetAndDestroy()
        return { fault, done: true }
      case 'silence':
        return { fault, done: true }
      case 'headers':
        for (const [name, value] of Object.entries(fault.headers)) response.setHeader(name, value)
        return { fault, done: false }
      case 'meanwhile':
        fault.happens()
        return { fault, done: false }
      default:
        return { fault, done: false }
    }
  }

  readonly #answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (await this.#uploads.answer(request, response, url)) return
    const [, dataset, rest = 'revision/main'] =
      /^\/(?:api\/)?datasets\/([^/]+\/[^/]+)(?:\/(.*))?$/.exec(url.pathname) ?? []
    const isApi = url.pathname.startsWith('/api/')
    const { fault, done } = this.#note(isApi ? 'api' : 'resolve', request, response)
    if (done) return
    const { token } = this.#options
    if (token !== null && request.headers.authorization !== `Bearer ${token}`)
      return refuse(response, 401, 'RepoNotFound')
    const commits = this.#commits.get(dataset ?? '')
    if (!commits) return refuse(response, 404, 'RepoNotFound')
    const [, operation, revision, file] = /^([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(rest) ?? []
    const commit = findCommit(commits, decodeURIComponent(revision ?? ''))
    if (!commit) return refuse(response, 404, 'RevisionNotFound')
    const inRepository = (file ?? '').split('/').map(decodeURIComponent).join('/')
    const isPrivate = this.#uploads.isPrivate(dataset!)
    if (operation === 'revision')
      return json(response, { _id: dataset, id: dataset, sha: commit.sha, private: isPrivate }, commit)
    if (operation === 'paths-info') return answerPathsInfo(request, response, commit)
    if (operation === 'tree') return this.#answerTree(response, commit, inRepository, url)
    if (operation === 'resolve') return this.#answerResolve(request, response, commit, inRepository, fault)
    return refuse(response, 404, 'NoSuchRoute')
  }

  #answerTree(response: ServerResponse, commit: Commit, folder: string, url: URL): void {
    const inFolder = folder === '' ? '' : `${folder}/`
    const files = [...commit.files.values()].filter((file) => file.path.startsWith(inFolder))
    if (files.length === 0) {
      refuse(response, 404, 'EntryNotFound')
      return
    }
    const { pageSize } = this.#options
    const first = Number(url.searchParams.get('cursor') ?? 0)
    if (first + pageSize < files.length) {
      url.searchParams.set('cursor', String(first + pageSize))
      response.setHeader('link', `<${url.href}>; rel="next"`)
    }
    const page = files.slice(first, first + pageSize).map(entryOf)
    const claimed = this.#options.claims.map((path) => ({ type: 'file', path, size: 10, oid: '0' }))
    const isDeep = url.searchParams.get('recursive') !== 'false'
    json(response, isDeep ? [...page, ...claimed] : [...childrenOf(files, inFolder)], commit)
  }

  async #answerResolve(
    request: IncomingMessage,
    response: ServerResponse,
    commit: Commit,
    inRepository: string,
    fault: Fault | null,
  ): Promise<void> {
    const file = commit.files.get(inRepository)
    if (!file) return refuse(response, 404, 'EntryNotFound')
    const headers = { 'x-repo-commit': commit.sha }
    if (!file.large)
      return serveFile(request, response, file, {
        etag: file.gitSha1,
        headers,
        fault,
        link: this.#link,
      })
    response.writeHead(302, {
      ...headers,
      'x-linked-etag': `"${file.sha256}"`,
      'x-linked-size': String(file.size),
      location: this.#sign(file),
    })
    response.end()
  }

  #sign({ onDisk }: RepositoryFile): string {
    const expires = String(Date.now() + this.#options.urlSeconds * 1000)
    const name = Buffer.from(onDisk).toString('base64url')
    return `${this.cdn}/${name}?Expires=${expires}&Signature=${this.#signature(name, expires)}`
  }

  #signature(name: string, expires: string): string {
    return createHmac('sha256', this.#secret).update(`${name} ${expires}`).digest('hex')
  }

  readonly #answerFile = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> => {
    if (await this.#uploads.answerStorage(request, response, url)) return
    const { fault, done } = this.#note('cdn', request, response)
    if (done) return
    const name = url.pathname.slice(1)
    const expires = url.searchParams.get('Expires') ?? ''
    const good =
      url.searchParams.get('Signature') === this.#signature(name, expires) && Number(expires) > Date.now()
    if (!good) return refuse(response, 403, 'AccessDenied')
    const onDisk = Buffer.from(name, 'base64url').toString()
    const file = this.#allFiles().find((each) => each.onDisk === onDisk)!
    await serveFile(request, response, file, { etag: file.sha256, fault, link: this.#link })
  }

  #allFiles(): RepositoryFile[] {
    return [...this.#commits.values()].flatMap((commits) =>
      [...commits.values()].flatMap(({ files }) => [...files.values()]),
    )
  }
}

function entryOf({ path, size, gitSha1: oid, large, sha256 }: RepositoryFile) {
  return { type: 'file', path, size, oid, ...(large && { lfs: { oid: sha256, size, pointerSize: 134 } }) }
}

/** What lies in a folder itself: files, and folders by their names. */
function childrenOf(files: readonly RepositoryFile[], inFolder: string): Iterable<object> {
  const children = new Map<string, object>()
  for (const file of files) {
    const [child, ...below] = file.path.slice(inFolder.length).split('/')
    const path = `${inFolder}${child}`
    children.set(path, below.length === 0 ? entryOf(file) : { type: 'directory', path, size: 0, oid: '0' })
  }
  return children.values()
}

/** What there is of the paths that a client names. */
async function answerPathsInfo(
  request: IncomingMessage,
  response: ServerResponse,
  commit: Commit,
): Promise<void> {
  const body = await text(request)
  const asked = request.headers['content-type']?.includes('json')
    ? (JSON.parse(body) as { paths: readonly string[] }).paths
    : new URLSearchParams(body).getAll('paths')
  const files = asked.map((path) => commit.files.get(path)).filter((file) => file !== undefined)
  json(response, files.map(entryOf), commit)
}

/** By branch, or by the beginning of the commit. */
function findCommit(commits: ReadonlyMap<string, Commit>, revision: string): Commit | undefined {
  const named = commits.get(revision === 'HEAD' ? 'main' : revision)
  if (named) return named
  return revision.length >= 7 ? [...commits.values()].find(({ sha }) => sha.startsWith(revision)) : undefined
}

function json(response: ServerResponse, value: unknown, { sha }: Commit): void {
  const body = JSON.stringify(value)
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-repo-commit': sha,
  })
  response.end(body)
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-error-code': code })
  response.end(JSON.stringify({ error: code }))
}
