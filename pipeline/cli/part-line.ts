import type { Screen } from './screen.ts'

/** Says what is being measured: on a terminal in one line that is gone when it is over, elsewhere line by line. */
export class PartLine {
  readonly #screen: Screen
  #isShown = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  show(part: string): void {
    this.clear()
    this.#screen.write(this.#screen.isTerminal ? `measuring: ${part}` : `measuring: ${part}\n`)
    this.#isShown = this.#screen.isTerminal
  }

  clear(): void {
    if (this.#isShown) this.#screen.write('\r\x1b[K')
    this.#isShown = false
  }
}
