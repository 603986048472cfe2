import { setTimeout } from 'node:timers/promises'

/** Timers come so late, and their time is not lost to the link. */
const LATE_MS = 4

/** A link to a server that carries so many bytes a second, of all answers together. */
export class Link {
  readonly #bytesPerMs: number
  /** when it has carried everything that it was given, on the clock of performance.now() */
  #freeAt = 0

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000
  }

  /** Comes back when the bytes are through. */
  async carry(bytes: number): Promise<void> {
    const now = performance.now()
    this.#freeAt = Math.max(now - LATE_MS, this.#freeAt) + bytes / this.#bytesPerMs
    if (this.#freeAt - now >= 1) await setTimeout(this.#freeAt - now)
  }
}
