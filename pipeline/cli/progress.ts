import { EventLines } from './event-lines.ts'
import { ProgressBar } from './progress-bar.ts'
import { ProgressLines } from './progress-lines.ts'
import type { Screen } from './screen.ts'
import type { Watcher } from './watcher.ts'

/** A bar on a terminal, lines elsewhere; events on standard output when they are asked for. */
export function openWatcher(events: boolean, screen: Screen): Watcher {
  if (events) return new EventLines((line) => process.stdout.write(line))
  if (screen.isTerminal) return new ProgressBar(process.stderr, screen)
  return new ProgressLines((line) => screen.write(line))
}
