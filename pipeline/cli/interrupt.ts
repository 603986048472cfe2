const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Turns the first SIGINT or SIGTERM into an abort, so that the run can clean up; the second ends the process at
 * once.
 */
export class Interrupt {
  readonly #controller = new AbortController()
  readonly #onFirst: (signal: NodeJS.Signals) => void
  #caught: NodeJS.Signals | null = null

  constructor(onFirst: (signal: NodeJS.Signals) => void) {
    this.#onFirst = onFirst
    for (const signal of SIGNALS) process.on(signal, this.#catch)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** the signal that was sent */
  get caught(): NodeJS.Signals | null {
    return this.#caught
  }

  /** Signals mean again what they mean without us. */
  stop(): void {
    for (const signal of SIGNALS) process.off(signal, this.#catch)
  }

  readonly #catch = (signal: NodeJS.Signals): void => {
    if (this.#caught !== null) {
      this.stop()
      process.kill(process.pid, signal)
      return
    }
    this.#caught = signal
    this.#onFirst(signal)
    this.#controller.abort(signal)
  }
}
