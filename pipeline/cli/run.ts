import path from 'node:path'
import type { CommandModule } from 'yargs'
import { NothingKeptError } from '../curation.ts'
import { CancelledError, SourceError, UsageError } from '../errors.ts'
import { curateAndTell } from './curate-and-tell.ts'
import { dryRun } from './dry-run.ts'
import { errorLine } from './event-lines.ts'
import { type Arguments, completing, flagValues, recipeFlags, refuseMore, withFlags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { openWatcher } from './progress.ts'
import { PushStoppedError } from './push-after-run.ts'
import { openScreen } from './screen.ts'
import type { Watcher } from './watcher.ts'

/** `sluice run`: curates what a recipe and flags say. */
export const runCommand: CommandModule = {
  command: 'run [recipe]',
  describe: 'curate trajectories into a training set',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('recipe', { describe: 'a recipe in YAML; without one, the flags are the recipe' })
        .example('sluice run recipe.yaml', 'as the recipe says')
        .example('sluice run recipe.yaml --max-tokens 16000 --fresh', 'with another limit, once more')
        .example("sluice run --from 'data/**/*.parquet' --languages python,go", 'without a recipe')
        .epilogue(
          'A flag takes the place of the same member of the recipe. Paths of flags are seen from the working directory, paths of the recipe from its folder. Filters judge in the order of the recipe; those of flags after them, in the order in which they are listed above.',
        ),
      { ...recipeFlags(), ...ownFlags },
    ),
  handler: (argv) => run(argv as unknown as Arguments),
}

const HOW = 'How to run'

const EVENT_FORMATS = ['ndjson']

const ownFlags = {
  fresh: { boolean: true, describe: 'replace the output of an earlier run', group: 'What to write' },
  'dry-run': {
    boolean: true,
    describe: 'say what would be read, done and written, and write nothing',
    group: HOW,
  },
  events: {
    nargs: 1,
    requiresArg: true,
    describe: 'ndjson: print nothing but events, one JSON object a line',
    ...completing(EVENT_FORMATS),
    group: HOW,
  },
}

async function run(argv: Arguments): Promise<void> {
  refuseMore(argv, 'run takes one recipe; several sources go behind --from')
  const asEvents = argv.events !== undefined
  if (asEvents && !EVENT_FORMATS.includes(String(argv.events)))
    throw new UsageError(`--events: found '${argv.events}', allowed is ${EVENT_FORMATS.join(', ')}`)
  const notes = openScreen(process.stderr)
  const workingDirectory = process.cwd()
  let watcher: Watcher | null = null
  const interrupt = new Interrupt((signal) => {
    watcher?.close()
    notes.write(`${signal}: cleaning up; once more to stop at once\n`)
  })
  const { signal } = interrupt
  try {
    const { readRecipe } = await import('../recipe/read-recipe.ts')
    const file = argv.recipe as string | undefined
    const read = readRecipe({ file, flags: flagValues(argv), workingDirectory })
    // Sources are named as the recipe names them, so that it writes the same bytes wherever it is started.
    process.chdir(read.folder)
    const job = { ...read, outAsTyped: asTyped(read.out, workingDirectory), fresh: argv.fresh === true }
    if (argv['dry-run']) await dryRun(job, { asEvents, signal })
    else {
      watcher = openWatcher(asEvents, notes)
      await curateAndTell(job, { asEvents, signal, watcher })
    }
  } catch (cause) {
    const error = explained(cause, { caught: interrupt.caught, workingDirectory })
    // A run that kept nothing has told of its end already.
    if (asEvents && !(error instanceof NothingKeptError)) process.stdout.write(errorLine(error))
    throw error
  } finally {
    watcher?.close()
    interrupt.stop()
  }
}

/** An error with what only the command line knows of it. */
function explained(
  cause: unknown,
  { caught, workingDirectory }: { caught: NodeJS.Signals | null; workingDirectory: string },
): unknown {
  if (cause instanceof PushStoppedError) return cause
  if (caught !== null)
    return new CancelledError(`stopped by ${caught}; nothing was written`, { cause: caught })
  const folder = process.cwd()
  if (cause instanceof SourceError && folder !== workingDirectory)
    return new SourceError(`${cause.message} (seen from the recipe's folder, ${folder})`, {
      where: cause.where,
      cause,
    })
  return cause
}

/** The shorter of a folder's two names: absolute, or seen from the working directory. */
function asTyped(folder: string, workingDirectory: string): string {
  const relative = path.relative(workingDirectory, folder) || '.'
  return relative.length < folder.length ? relative : folder
}
