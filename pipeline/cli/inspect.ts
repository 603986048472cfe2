import type { CommandModule } from 'yargs'
import type { Inspection } from '../../sources/inspect/inspection.ts'
import { CancelledError, SourceError, UsageError } from '../errors.ts'
import { count } from './amounts.ts'
import { type Arguments, refuseMore, withFlags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { safeJson } from './safe-text.ts'
import { openScreen } from './screen.ts'

/** `sluice inspect`: what there is to read, before a run. */
export const inspectCommand: CommandModule = {
  command: 'inspect [from..]',
  describe: 'say what files of traces hold: rows, labels, languages, columns and their sizes',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('from', {
          describe:
            'files, globs or folders of Parquet or JSON Lines, or hf://datasets/OWNER/NAME@REVISION/PATH',
        })
        .example('sluice inspect traces/ more/*.jsonl.gz', 'all below a folder, and some files')
        .example("sluice inspect 'hf://datasets/nvidia/Open-SWE-Traces/data/openhands/**'", 'on the Hub')
        .epilogue(
          'Of Parquet, footers and three small columns are read, from the Hub some kilobytes a file; of JSON Lines on the disk, everything.',
        ),
      {
        json: { boolean: true, describe: 'print one JSON object' },
        'limit-files': { nargs: 1, requiresArg: true, describe: 'look at the first files only, so many' },
      },
      ['from'],
    ),
  handler: (argv) => inspect(argv as unknown as Arguments),
}

async function inspect(argv: Arguments): Promise<void> {
  refuseMore(argv, 'inspect takes files, globs, folders and datasets')
  const limitFiles = limitOf(argv['limit-files'])
  // --from, as run has it, means the same.
  const from = [argv.from ?? []].flat().map(String)
  if (from.length === 0)
    throw new UsageError('inspect needs files, globs, folders or datasets: sluice inspect --help shows how')
  const notes = openScreen(process.stderr)
  /** Shows how far it is, on a line that the next call replaces. */
  const show = (words: string) => notes.isTerminal && notes.write(`\r\x1b[K${words}`)
  const interrupt = new Interrupt(() => {})
  try {
    const { inspectTraces } = await import('../../sources/inspect/inspect-traces.ts')
    const onFile = (done: number, files: number) => show(`looked at ${count(done)} of ${count(files)} files`)
    const inspection = await inspectTraces({ from, limitFiles, signal: interrupt.signal, onFile })
    show('')
    if (argv.json) process.stdout.write(`${safeJson(inspection)}\n`)
    else {
      const { drawInspection } = await import('./draw-inspection.ts')
      const screen = openScreen(process.stdout)
      screen.write(drawInspection(inspection, screen))
    }
    refuseUnreadable(inspection)
  } catch (error) {
    show('')
    if (interrupt.caught === null) throw error
    throw new CancelledError(`stopped by ${interrupt.caught}`, { cause: interrupt.caught })
  } finally {
    interrupt.stop()
  }
}

/** A file that was asked for by itself must be readable; of a folder's files, one of them. */
function refuseUnreadable({ from, files, damaged, ignored }: Inspection): void {
  const named = damaged.find(({ named }) => named)
  if (named) throw new SourceError(named.error, { where: { file: named.file } })
  if (files.length > 0) return
  const passedOver = ignored.length > 0 ? `; ${count(ignored.length)} passed over` : ''
  const unreadable = damaged.length > 0 ? `; ${count(damaged.length)} can't be read` : ''
  throw new SourceError(
    `${from.join(', ')} holds no Parquet or JSONL file with traces${passedOver}${unreadable}`,
    { where: { file: from[0]! } },
  )
}

function limitOf(given: unknown): number | null {
  if (given === undefined) return null
  const limit = Number(given)
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new UsageError(`--limit-files: found '${given}', allowed is a whole number from 1`)
}
