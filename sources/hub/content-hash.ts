import { createHash, type Hash } from 'node:crypto'

/** What the Hub says that the bytes of a file hash to, in hex: one of the two. */
export interface PublishedHash {
  /** of a file that is kept by LFS or Xet */
  readonly sha256: string | null
  /** the id of the blob, of a file that git keeps: SHA-1 of `blob <size>\0` and its bytes */
  readonly gitSha1: string | null
}

/** Hashes a file as its bytes pass by, in the way that the Hub hashed it. */
export class ContentHash {
  readonly #hash: Hash
  readonly #published: string | null

  constructor({ sha256, gitSha1 }: PublishedHash, size: number) {
    this.#published = sha256 ?? gitSha1
    this.#hash = sha256 === null ? createHash('sha1').update(`blob ${size}\0`) : createHash('sha256')
  }

  update(bytes: Buffer): void {
    this.#hash.update(bytes)
  }

  /** Whether all bytes that passed are those that were published. */
  matches(): boolean {
    return this.#hash.digest('hex') === this.#published
  }
}
