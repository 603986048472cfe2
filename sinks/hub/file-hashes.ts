import { createHash } from 'node:crypto'
import type { PublishedHash } from '../../sources/hub/content-hash.ts'

/** Both hashes that the Hub may know a file by. */
export type FileHashes = { readonly [name in keyof PublishedHash]: string }

/** Reads the file once, in pieces. */
export async function hashesOf(content: Blob): Promise<FileHashes> {
  const sha256 = createHash('sha256')
  const gitSha1 = createHash('sha1').update(`blob ${content.size}\0`)
  for await (const piece of content.stream()) {
    sha256.update(piece)
    gitSha1.update(piece)
  }
  return { sha256: sha256.digest('hex'), gitSha1: gitSha1.digest('hex') }
}
