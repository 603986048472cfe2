import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import path from 'node:path'

/** A file of a commit, as the Hub knows it. */
export interface RepositoryFile {
  /** in the repository */
  readonly path: string
  readonly onDisk: string
  readonly size: number
  readonly sha256: string
  /** of git's blob */
  readonly gitSha1: string
  /** kept by LFS and served by the CDN; else by the Hub itself */
  readonly large: boolean
}

export interface Commit {
  readonly sha: string
  readonly files: ReadonlyMap<string, RepositoryFile>
}

/** Endings that the Hub keeps by LFS whatever their size. */
const LARGE = /\.(parquet|arrow|bin|gz|zst)$/
const LARGE_BYTES = 1 << 20

/** Makes a commit of what a folder holds; the same content is the same commit. */
export function commitOf(folder: string): Commit {
  const files = new Map<string, RepositoryFile>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const onDisk = path.join(folder, name)
    const stats = statSync(onDisk)
    if (!stats.isFile()) continue
    const inRepository = name.replaceAll(path.sep, '/')
    files.set(inRepository, fileOf(inRepository, onDisk, isLarge(name, stats.size)))
  }
  return { sha: shaOf(files, ''), files }
}

export function isLarge(name: string, size: number): boolean {
  return LARGE.test(name) || size > LARGE_BYTES
}

export function fileOf(inRepository: string, onDisk: string, large: boolean): RepositoryFile {
  const { size } = statSync(onDisk)
  const sha256 = hashOf(onDisk, createHash('sha256'))
  const gitSha1 = hashOf(onDisk, createHash('sha1').update(`blob ${size}\0`))
  return { path: inRepository, onDisk, size, sha256, gitSha1, large }
}

/** The id of a commit of these files upon another. */
export function shaOf(files: ReadonlyMap<string, RepositoryFile>, parent: string): string {
  const content = [...files.values()].map((file) => `${file.path} ${file.sha256}\n`).join('')
  return createHash('sha1').update(parent).update(content).digest('hex')
}

const PIECE = 4 << 20

function hashOf(file: string, hash: Hash): string {
  const piece = Buffer.allocUnsafe(PIECE)
  const descriptor = openSync(file, 'r')
  try {
    for (let got = readSync(descriptor, piece); got > 0; got = readSync(descriptor, piece))
      hash.update(piece.subarray(0, got))
    return hash.digest('hex')
  } finally {
    closeSync(descriptor)
  }
}
