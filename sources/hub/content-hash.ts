import { createHash } from 'node:crypto'

/** What the Hub says that the bytes of a file hash to, in hex: one of the two. */
export interface PublishedHash {
  /** of a file that is kept by LFS or Xet */
  readonly sha256: string | null
  /** the id of the blob, of a file that git keeps: SHA-1 of `blob <size>\0` and its bytes */
  readonly gitSha1: string | null
}

/** Hashes a file as its bytes pass by. */
export class ContentHash {
  readonly #sha256 = createHash('sha256')
  readonly #gitSha1 = createHash('sha1')
  readonly #published: PublishedHash

  constructor(published: PublishedHash, size: number) {
    this.#published = published
    this.#gitSha1.update(`blob ${size}\0`)
  }

  update(bytes: Buffer): void {
    const { sha256, gitSha1 } = this.#published
    // Where the Hub says nothing, there is nothing to hold them against.
    if (sha256 !== null) this.#sha256.update(bytes)
    else if (gitSha1 !== null) this.#gitSha1.update(bytes)
  }

  /** Whether all bytes that passed are those that were published. */
  matches(): boolean {
    const { sha256, gitSha1 } = this.#published
    if (sha256 !== null) return this.#sha256.digest('hex') === sha256
    return gitSha1 !== null && this.#gitSha1.digest('hex') === gitSha1
  }
}
