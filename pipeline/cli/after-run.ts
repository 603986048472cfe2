import type { Curation } from '../curation.ts'
import type { FinishedRun } from './finished-run.ts'
import type { SummaryOptions } from './summary.ts'

/** What the summary says beyond the run's own result, read from what the run wrote. */
type AfterRun = Pick<SummaryOptions, 'stepsByReason' | 'next'>

/** Rows of the ledger that are looked through for an example. */
const EXAMPLE_ROWS = 2000

/** `out` is the output folder as the user would type it. */
export async function lookAfterRun(run: FinishedRun, { tally }: Curation, out: string): Promise<AfterRun> {
  const stepsByReason = new Map<string, string[]>()
  for (const { step, reason } of await run.rows('ledger', { columns: ['step', 'reason'] })) {
    if (typeof reason !== 'string' || typeof step !== 'string') continue
    const steps = stepsByReason.get(reason) ?? []
    if (!steps.includes(step)) steps.push(step)
    stepsByReason.set(reason, steps)
  }
  const columns = ['trajectory_id', 'verdict']
  const rows = await run.rows('ledger', { columns, range: [0, EXAMPLE_ROWS] })
  const example =
    rows.find(({ verdict }) => verdict === 'dropped') ?? rows.find(({ verdict }) => verdict === 'kept')
  const does = example?.verdict === 'dropped' ? 'Why a row was dropped' : 'What is known of a row'
  const id = tally.rows > 0 ? example?.trajectory_id : undefined
  return {
    stepsByReason,
    next:
      typeof id === 'string'
        ? { command: `${commandName()} explain ${quoted(out)} ${quoted(id)}`, does }
        : null,
  }
}

/** How the user can call us: npm started this process, or the command itself was typed. */
function commandName(): string {
  return process.env.npm_lifecycle_event === undefined ? 'sluice' : 'npx sluice'
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
