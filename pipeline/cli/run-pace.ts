import type { RunEvent } from '../runners/events.ts'
import type { Tally } from '../worker/bundle-result.ts'

/** How far a run has come and how fast it goes, from its events. */
export class RunPace {
  phase: 'planning' | 'running' | 'choosing' | 'writing' = 'planning'
  /** of all files, as planned */
  totalRows = 0
  files = 0
  totalBytes = 0
  /** read so far */
  rows = 0
  bytes = 0
  tokens = 0
  tally: Tally | null = null
  #startedAt = performance.now()

  take(event: RunEvent): void {
    switch (event.event) {
      case 'planned':
        this.phase = 'running'
        this.files = event.files.length
        this.totalRows = event.rows
        this.totalBytes = event.bytes
        this.#startedAt = performance.now()
        return
      case 'bundle':
        this.rows += event.rows
        this.bytes += event.bytes
        this.tokens = event.counters.tokens ?? 0
        this.tally = Object.values(event.tallies)[0] ?? null
        return
      case 'selecting':
        this.phase = 'choosing'
        return
      case 'committed':
        this.phase = 'writing'
        return
      default:
        event satisfies never
    }
  }

  /** from 0 to 1; by bytes, because rows differ a hundredfold */
  get done(): number {
    if (this.totalBytes > 0) return Math.min(1, this.bytes / this.totalBytes)
    return this.totalRows > 0 ? Math.min(1, this.rows / this.totalRows) : 0
  }

  /** since the files were planned */
  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000
  }

  /** seconds to go at the pace so far; null before the first bundle */
  get secondsLeft(): number | null {
    return this.done > 0 ? (this.seconds / this.done) * (1 - this.done) : null
  }
}
