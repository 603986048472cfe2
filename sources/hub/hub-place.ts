import type { PublishedHash } from './content-hash.ts'
import type { ResolvedFile } from './resolved-file.ts'

/** Where the bytes of a file are on the Hub, and what they hash to. Plain data. */
export interface HubPlace {
  readonly kind: 'hub'
  readonly file: ResolvedFile
  readonly hash: PublishedHash
  /** where what is copied of it is put, for the time of the run; null for nothing is copied */
  readonly copy: string | null
  /** it is read from a copy, whose bytes were found to be those that were published */
  readonly isCopied: boolean
}
