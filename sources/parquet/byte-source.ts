/** Bytes at known offsets: a local file, or ranges of a remote one. */
export interface ByteSource {
  /** in bytes */
  readonly size: number
  /**
   * Exactly `length` bytes from `offset`, in a buffer that nothing writes to again. Throws when the source ends
   * before, and for whatever keeps a disk or a network from answering.
   */
  read(offset: number, length: number): Promise<Buffer> | Buffer
  /**
   * The same bytes, fetched anew: those that `read` gave turned out to be damaged, and that may have happened on the
   * way. Absent where there is no way.
   */
  again?(offset: number, length: number): Promise<Buffer>
  /** What was got turned out to be damaged in places that nobody knows: nothing of it that is held is given again. */
  forget?(): void
  /** What a source that is far away can fetch ahead. What it kept of other ranges it lets go. */
  expect?(expected: Expected): void
  /** These ranges, and no more of what is around them, will be read whole: they can be fetched at once. */
  prefetch?(ranges: readonly ByteRange[]): void
  close(): Promise<void> | void
}

/** What will be read next. */
export interface Expected {
  /** ranges that are read from their start on; readers of the same file may begin at other places of the same range */
  readonly next: readonly ReadThrough[]
  /** ranges of which pieces may be read */
  readonly perhaps: readonly ByteRange[]
}

export interface ReadThrough extends ByteRange {
  /** about where reading will stop */
  readonly until: number
}

export interface ByteRange {
  readonly start: number
  /** after the last byte */
  readonly end: number
}
