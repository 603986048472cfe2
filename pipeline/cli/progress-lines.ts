import type { RunEvent } from '../runners/events.ts'
import { bytes, count, counted, duration, share, short } from './amounts.ts'
import { RunPace } from './run-pace.ts'
import type { Watcher } from './watcher.ts'

/** How long to be silent between two lines. */
const PAUSE_MS = 5000

/** A line every few seconds, for logs. */
export class ProgressLines implements Watcher {
  readonly #pace = new RunPace()
  readonly #write: (line: string) => void
  #lastAt = performance.now()

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  take(event: RunEvent): void {
    this.#pace.take(event)
    if (event.event === 'planned') this.#say(this.#start())
    else if (event.event === 'selecting') this.#say('all rows are read: choosing which of them stay')
    else if (event.event === 'bundle' && performance.now() - this.#lastAt >= PAUSE_MS)
      this.#say(this.#state())
  }

  close(): void {}

  #say(text: string): void {
    this.#lastAt = performance.now()
    this.#write(`${text}\n`)
  }

  #start(): string {
    const { files, totalRows, totalBytes } = this.#pace
    return `reading ${counted(totalRows, 'row')} (${bytes(totalBytes)}) of ${counted(files, 'file')}`
  }

  #state(): string {
    const { done, rows, totalRows, seconds, secondsLeft, tally } = this.#pace
    const dropped = Object.values(tally?.dropped ?? {}).reduce((sum, some) => sum + some, 0)
    return [
      `${Math.floor(100 * done)} %`,
      `${count(rows)} of ${count(totalRows)} rows`,
      `${short(rows / seconds)} rows/s`,
      `${bytes(this.#pace.bytes / seconds)}/s`,
      `${short(this.#pace.tokens / seconds)} tokens/s`,
      `kept ${count(tally?.kept ?? 0)} (${share(tally?.kept ?? 0, tally?.rows ?? 0)})`,
      `dropped ${count(dropped)}`,
      `failed ${count(tally?.failed ?? 0)}`,
      ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
    ].join(', ')
  }
}
