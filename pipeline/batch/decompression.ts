/** What was decompressed from one codec. */
export interface Decompressed {
  /** as the format names it: `SNAPPY`, `ZSTD` */
  readonly codec: string
  /** bytes before */
  readonly from: number
  /** bytes after */
  readonly to: number
  readonly nanoseconds: number
}

/** Adds up what a thread decompresses, by codec: sources note it, a page at a time. */
export class Decompression {
  #tallies = new Map<string, { codec: string; from: number; to: number; nanoseconds: number }>()

  note({ codec, from, to, nanoseconds }: Decompressed): void {
    const tally = this.#tallies.get(codec)
    if (!tally) {
      this.#tallies.set(codec, { codec, from, to, nanoseconds })
      return
    }
    tally.from += from
    tally.to += to
    tally.nanoseconds += nanoseconds
  }

  /** What was noted since the last call. */
  take(): readonly Decompressed[] {
    const taken = [...this.#tallies.values()]
    this.#tallies = new Map()
    return taken
  }
}
