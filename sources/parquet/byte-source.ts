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
   * Says what will be read, each range from its start on. A source that is far away fetches `next` ahead, and of
   * `perhaps` what follows when some of it is read; what it kept of other ranges it lets go.
   */
  expect?(ranges: { readonly next: readonly ByteRange[]; readonly perhaps: readonly ByteRange[] }): void
  close(): Promise<void> | void
}

export interface ByteRange {
  readonly start: number
  /** after the last byte */
  readonly end: number
}
