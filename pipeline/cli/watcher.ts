import type { RunEvent } from '../runners/events.ts'

/** Whoever shows a run while it goes on. */
export interface Watcher {
  take(event: RunEvent): void
  /** Nothing more will come: what was drawn is to be left behind as it should stay. */
  close(): void
}
