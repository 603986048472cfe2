/** Bytes at known offsets: a local file, or ranges of a remote one. */
export interface ByteSource {
  /** in bytes */
  readonly size: number
  /**
   * Exactly `length` bytes from `offset`, in a buffer that nothing writes to again. Throws when the source ends
   * before, and for whatever keeps a disk or a network from answering.
   */
  read(offset: number, length: number): Promise<Buffer> | Buffer
  close(): Promise<void> | void
}
