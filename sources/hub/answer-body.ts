import type { Dispatcher } from 'undici'

/** What is left of a body that nobody reads is still taken, for the sake of its connection, if it is no more. */
const DRAINED_BYTES = 64 << 10

/** A sender slower than this, in bytes a second, is given up. */
const LEAST_RATE = 4_096

type Body = Dispatcher.ResponseData['body']

/** The body of an answer, which is read once, or let go. */
export class AnswerBody implements AsyncIterable<Buffer> {
  readonly #stream: Body
  readonly #patience: number
  readonly #onBytes: (count: number) => void

  /** `patience` is how many milliseconds we wait in all before the rate of what came is looked at. */
  constructor(stream: Body, patience: number, onBytes: (count: number) => void) {
    this.#stream = stream
    this.#patience = patience
    this.#onBytes = onBytes
  }

  /** The pieces as they come. Throws when the sender breaks off, or drips. Ending early lets the rest go. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    let waited = 0
    let got = 0
    let asked = performance.now()
    for await (const piece of this.#stream as AsyncIterable<Buffer>) {
      waited += performance.now() - asked
      got += piece.length
      this.#onBytes(piece.length)
      if (waited > this.#patience) {
        const rate = (got * 1000) / waited
        if (rate < LEAST_RATE) throw new Error(`the sender gives only ${Math.round(rate)} bytes a second`)
        waited = got = 0
      }
      yield piece
      asked = performance.now()
    }
  }

  /** All of it in one buffer. Throws when it is longer than `most`. */
  async whole(most: number): Promise<Buffer> {
    const pieces: Buffer[] = []
    let length = 0
    for await (const piece of this) {
      length += piece.length
      if (length > most) throw new Error(`the answer is longer than ${most} bytes`)
      pieces.push(piece)
    }
    return Buffer.concat(pieces, length)
  }

  /** Nobody reads it. A long one takes its connection with it. */
  discard(): void {
    this.#stream.on('error', () => {})
    this.#stream.dump({ limit: DRAINED_BYTES }).catch(() => {})
  }
}
