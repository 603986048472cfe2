import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import type { Fault, UploadStep } from './faults.ts'
import { type Commit, fileOf, isLarge, type RepositoryFile, shaOf } from './repository.ts'

interface UploadsOptions {
  /** commits by branch, by dataset; new ones are put there */
  readonly commits: Map<string, Map<string, Commit>>
  readonly private: readonly string[]
  readonly partBytes: number | null
  readonly token: string | null
  hub(): string
  storage(): string
  /** notes a request; answers what is to go wrong with it, having done so where that is all of the answer */
  note(
    on: UploadStep,
    request: IncomingMessage,
    response: ServerResponse,
  ): { fault: Fault | null; done: boolean }
}

interface CommitLine {
  readonly key: 'header' | 'file' | 'lfsFile' | 'deletedFile'
  readonly value: Readonly<Record<string, string | number>>
}

/**
 * The part of the Hub that is written to: repositories and branches are made, large files are uploaded by LFS, in one
 * or in parts, to the other host, and commits are made of what has arrived.
 */
export class Uploads {
  /** commits that were made, by their summaries */
  readonly summaries: string[] = []
  readonly #options: UploadsOptions
  readonly #private: Set<string>
  /** where what has arrived is kept: objects by SHA-256, parts, and files of commits */
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-fake-hub-'))
  readonly #objects = new Map<string, string>()
  #written = 0

  constructor(options: UploadsOptions) {
    this.#options = options
    this.#private = new Set(options.private)
  }

  isPrivate(dataset: string): boolean {
    return this.#private.has(dataset)
  }

  /** What a branch holds. */
  files(dataset: string, branch: string): ReadonlyMap<string, Buffer> {
    const { files } = this.#options.commits.get(dataset)!.get(branch)!
    return new Map([...files].map(([name, { onDisk }]) => [name, readFileSync(onDisk)]))
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Answers what writes; false for other requests. */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    if (request.method !== 'POST') return false
    const [, dataset, operation, revision] =
      /^\/(?:api\/)?datasets\/([^/]+\/[^/]+?)(?:\.git)?\/(preupload|branch|commit|info\/lfs\/objects\/batch)(?:\/([^/]+))?$/.exec(
        url.pathname,
      ) ?? []
    const step = stepOf(url.pathname, operation)
    if (step === null) return false
    const { fault, done } = this.#options.note(step, request, response)
    if (done) return true
    const { token } = this.#options
    if (token !== null && request.headers.authorization !== `Bearer ${token}`)
      return refuse(response, 401, 'Invalid credentials')
    const body = await bodyOf(request)
    if (step === 'create' && operation === undefined) return this.#create(response, JSON.parse(String(body)))
    if (step === 'complete') return this.#complete(response, url, JSON.parse(String(body)))
    const branches = this.#options.commits.get(dataset!)
    if (!branches) return refuse(response, 404, 'Repository not found')
    const branch = decodeURIComponent(revision ?? '')
    if (operation === 'branch') return createBranch(response, branches, branch)
    if (step === 'batch') return this.#batch(response, JSON.parse(String(body)))
    if (!branches.has(branch)) return refuse(response, 404, `Invalid rev id: ${branch}`)
    if (step === 'preupload') return preupload(response, JSON.parse(String(body)))
    const lines = String(body)
      .split('\n')
      .map((line) => JSON.parse(line) as CommitLine)
    if (fault?.kind === 'reset') {
      this.#commit(branches, branch, lines)
      request.socket.resetAndDestroy()
      return true
    }
    const made = this.#commit(branches, branch, lines)
    return typeof made === 'string'
      ? json(response, { success: true, commitOid: made, commitUrl: `${this.#options.hub()}/${made}` })
      : refuse(response, made.status, made.error)
  }

  /** Takes what is uploaded; false for other requests. */
  async answerStorage(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    if (request.method !== 'PUT') return false
    const { done } = this.#options.note('store', request, response)
    if (done) return true
    const body = await bodyOf(request)
    if (Number(request.headers['content-length']) !== body.length) return refuse(response, 411, 'no length')
    const etag = createHash('md5').update(body).digest('hex')
    const [, kind, name] = /^\/(object|part)\/(.*)$/.exec(url.pathname)!
    if (kind === 'part') writeFileSync(path.join(this.#folder, name!), body)
    else if (!this.#keep(name!, body)) return refuse(response, 400, 'another SHA-256')
    response.writeHead(200, { etag: `"${etag}"` }).end()
    return true
  }

  #create(response: ServerResponse, wanted: Readonly<Record<string, string>>): true {
    const dataset = `${wanted.organization}/${wanted.name}`
    if (wanted.type !== 'dataset') return refuse(response, 400, 'no dataset')
    if (this.#options.commits.has(dataset))
      return refuse(response, 409, 'You already created this dataset repo')
    const attributes = this.#write(Buffer.from('*.parquet filter=lfs diff=lfs merge=lfs -text\n'))
    const files = new Map([['.gitattributes', fileOf('.gitattributes', attributes, false)]])
    this.#options.commits.set(dataset, new Map([['main', { sha: shaOf(files, dataset), files }]]))
    if (wanted.visibility === 'private') this.#private.add(dataset)
    return json(response, { url: `${this.#options.hub()}/datasets/${dataset}`, id: dataset })
  }

  #batch(response: ServerResponse, { objects }: { objects: readonly { oid: string; size: number }[] }): true {
    const { partBytes } = this.#options
    const answers = objects.map(({ oid, size }) => {
      if (this.#objects.has(oid)) return { oid, size }
      const verify = { href: `${this.#options.hub()}/verify` }
      return { oid, size, actions: { upload: this.#uploadOf(oid, size), verify } }
    })
    return json(
      response,
      { transfer: partBytes === null ? 'basic' : 'multipart', objects: answers },
      'application/vnd.git-lfs+json',
    )
  }

  #uploadOf(oid: string, size: number): { href: string; header?: Readonly<Record<string, string>> } {
    const { partBytes, hub, storage } = this.#options
    const signature = `X-Amz-Signature=${oid.slice(0, 8)}`
    if (partBytes === null || size <= partBytes) return { href: `${storage()}/object/${oid}?${signature}` }
    const parts = Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => [
      String(at + 1).padStart(5, '0'),
      `${storage()}/part/${oid}-${at + 1}?${signature}`,
    ])
    return {
      href: `${hub()}/api/complete_multipart?oid=${oid}&${signature}`,
      header: { chunk_size: String(partBytes), ...Object.fromEntries(parts) },
    }
  }

  #complete(
    response: ServerResponse,
    url: URL,
    { oid, parts }: { oid: string; parts: readonly { partNumber: number; etag: string }[] },
  ): true {
    if (url.searchParams.get('oid') !== oid) return refuse(response, 400, 'another object')
    const pieces = parts.map(({ partNumber, etag }) => {
      const piece = readFileSync(path.join(this.#folder, `${oid}-${partNumber}`))
      return etag === `"${createHash('md5').update(piece).digest('hex')}"` ? piece : Buffer.alloc(0)
    })
    if (!this.#keep(oid, Buffer.concat(pieces))) return refuse(response, 400, 'another SHA-256')
    return json(response, { success: true })
  }

  /** The commit's id, or why it is none. */
  #commit(
    branches: Map<string, Commit>,
    branch: string,
    lines: readonly CommitLine[],
  ): string | { status: number; error: string } {
    const head = branches.get(branch)!
    const files = new Map<string, RepositoryFile>(head.files)
    const header = lines[0]!.value
    if (header.parentCommit !== undefined && header.parentCommit !== head.sha)
      return { status: 412, error: 'A commit has happened since. Please refresh and try again.' }
    for (const { key, value } of lines.slice(1)) {
      const name = String(value.path)
      if (key === 'deletedFile') {
        if (!files.delete(name)) return { status: 400, error: `no ${name} to delete` }
      } else if (key === 'lfsFile') {
        const onDisk = this.#objects.get(String(value.oid))
        if (onDisk === undefined) return { status: 400, error: `LFS object of ${name} has not arrived` }
        files.set(name, fileOf(name, onDisk, true))
      } else
        files.set(
          name,
          fileOf(name, this.#write(Buffer.from(String(value.content), value.encoding as 'base64')), false),
        )
    }
    const sorted = new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)))
    const sha = shaOf(sorted, head.sha)
    branches.set(head.sha, head)
    branches.set(branch, { sha, files: sorted })
    this.summaries.push(String(header.summary))
    return sha
  }

  /** Whether the bytes are those that the name promises. */
  #keep(oid: string, bytes: Buffer): boolean {
    if (createHash('sha256').update(bytes).digest('hex') !== oid) return false
    this.#objects.set(oid, this.#write(bytes))
    return true
  }

  #write(bytes: Buffer): string {
    mkdirSync(this.#folder, { recursive: true })
    const file = path.join(this.#folder, `file-${this.#written++}`)
    writeFileSync(file, bytes)
    return file
  }
}

function stepOf(pathname: string, operation: string | undefined): UploadStep | null {
  if (pathname === '/api/repos/create' || operation === 'branch') return 'create'
  if (pathname === '/api/complete_multipart') return 'complete'
  if (operation === 'info/lfs/objects/batch') return 'batch'
  return operation === 'preupload' || operation === 'commit' ? operation : null
}

function createBranch(response: ServerResponse, branches: Map<string, Commit>, name: string): true {
  if (branches.has(name)) return refuse(response, 409, 'Reference already exists')
  branches.set(name, branches.get('main')!)
  return json(response, { success: true })
}

function preupload(
  response: ServerResponse,
  { files }: { files: readonly { path: string; size: number }[] },
): true {
  return json(response, {
    files: files.map((file) => ({
      path: file.path,
      uploadMode: isLarge(file.path, file.size) ? 'lfs' : 'regular',
    })),
  })
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

function json(response: ServerResponse, value: unknown, type = 'application/json'): true {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(JSON.stringify(value))
  return true
}

function refuse(response: ServerResponse, status: number, error: string): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  return true
}
