import { createHash } from 'node:crypto'

/** What a file is called by: the Hub knows one that LFS keeps by its SHA-256, and others as git does. */
export interface FileHashes {
  /** of the bytes, in hex */
  readonly sha256: string
  /** of git's blob, in hex: SHA-1 over `blob <size>\0` and the bytes */
  readonly gitBlob: string
}

/** Reads the file once, in pieces. */
export async function hashesOf(content: Blob): Promise<FileHashes> {
  const sha256 = createHash('sha256')
  const gitBlob = createHash('sha1').update(`blob ${content.size}\0`)
  for await (const piece of content.stream()) {
    sha256.update(piece)
    gitBlob.update(piece)
  }
  return { sha256: sha256.digest('hex'), gitBlob: gitBlob.digest('hex') }
}
