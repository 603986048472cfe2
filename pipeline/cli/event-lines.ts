import type { Pushed } from '../../sinks/hub/hub-push.ts'
import type { Curation } from '../curation.ts'
import type { SourceFile, SourcePlan } from '../graph/source.ts'
import type { RunEvent } from '../runners/events.ts'
import { codeOf } from './exit-codes.ts'
import type { Watcher } from './watcher.ts'

/** The events of a run as ndjson, for programs. */
export class EventLines implements Watcher {
  readonly #write: (line: string) => void

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  take(event: RunEvent): void {
    this.#write(event.event === 'planned' ? line({ ...event, files: event.files.map(fileOf) }) : line(event))
  }

  close(): void {}
}

/** The one event of a dry run. */
export function plannedLine({ files, ignored, bundles }: SourcePlan): string {
  return line({
    event: 'planned',
    files: files.map(fileOf),
    ignored,
    bundles: bundles.length,
    rows: bundles.reduce((sum, { rows }) => sum + rows, 0),
    bytes: bundles.reduce((sum, { bytes }) => sum + bytes, 0),
  } satisfies RunEvent)
}

/** What programs are told of a file: not where its bytes are meanwhile. */
function fileOf({ file, rows, bytes, format }: SourceFile): SourceFile {
  return { file, rows, bytes, format }
}

/**
 * The last event of a run that went well, also of one that kept nothing. `tokens` are those of all rows that were measured, kept or not: the sum
 * of the analysis table's column.
 */
export function doneLine({ tally, tokens, receipts, seconds }: Curation): string {
  const { rows, kept, dropped, failed } = tally
  return line({
    event: 'done',
    rows: { in: rows, kept, dropped, failed },
    tokens: tokens.measured,
    outputs: receipts,
    seconds,
  })
}

/** After the output was pushed; `new` is false where all of it was there already. */
export function pushedLine({ repository, branch, commit, url, isNew, changes }: Pushed): string {
  const files = changes.added.map(({ path, size, sha256 }) => ({ path, bytes: size, sha256 }))
  const { deleted } = changes
  return line({ event: 'pushed', repository, branch, commit, url, new: isNew, files, deleted })
}

/** The last event of a run that did not. */
export function errorLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return line({ event: 'error', code: codeOf(error), message })
}

function line(event: object): string {
  return `${JSON.stringify(event)}\n`
}
