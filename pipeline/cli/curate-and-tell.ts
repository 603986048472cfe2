import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { type Curation, NothingKeptError } from '../curation.ts'
import type { ReadRecipe } from '../recipe/read-recipe.ts'
import { lookAfterRun } from './after-run.ts'
import { doneLine, pushedLine } from './event-lines.ts'
import { FinishedRun } from './finished-run.ts'
import { checkPushAfterRun, pushAfterRun } from './push-after-run.ts'
import { openScreen } from './screen.ts'
import { summary } from './summary.ts'
import type { Watcher } from './watcher.ts'

/** A recipe that is ready to be run from its folder. */
export interface Job extends ReadRecipe {
  /** the output folder as the user would type it */
  readonly outAsTyped: string
  /** replace what an earlier run left there */
  readonly fresh: boolean
}

interface Telling {
  /** events on standard output and nothing else */
  readonly asEvents: boolean
  readonly signal: AbortSignal
  readonly watcher: Watcher
}

/** Runs a recipe and ends with what it came to. */
export async function curateAndTell(job: Job, { asEvents, signal, watcher }: Telling): Promise<void> {
  const [{ loadRecipe }, { runRecipe }] = await Promise.all([
    import('../recipe/load-recipe.ts'),
    import('../run-recipe.ts'),
  ])
  await checkPushAfterRun(job, signal)
  const wasThere = existsSync(job.out)
  let curation: Curation
  try {
    curation = await runRecipe(await loadRecipe(job.recipe, job.folder), {
      directory: job.out,
      fresh: job.fresh,
      signal,
      onEvent: (event) => watcher.take(event),
    })
  } catch (error) {
    if (error instanceof NothingKeptError) await tell(job, error.curation, { asEvents, watcher })
    if (!wasThere) removeEmpty(job.out)
    throw error
  }
  // For people the run is told of before it is pushed; of events, `done` is the last.
  if (!asEvents) await tell(job, curation, { asEvents, watcher })
  const pushed = await pushAfterRun(job, { signal, notes: asEvents ? null : openScreen(process.stderr) })
  if (asEvents) {
    if (pushed) process.stdout.write(pushedLine(pushed))
    await tell(job, curation, { asEvents, watcher })
  } else if (pushed) {
    const { drawPushed } = await import('./draw-push.ts')
    const screen = openScreen(process.stdout)
    screen.write(`\n${drawPushed(pushed, screen)}`)
  }
}

/** Ends with what a run came to that was carried through, whether or not it kept anything. */
async function tell(
  { recipe, out, outAsTyped }: Job,
  curation: Curation,
  { asEvents, watcher }: Omit<Telling, 'signal'>,
): Promise<void> {
  watcher.close()
  if (asEvents) {
    process.stdout.write(doneLine(curation))
    return
  }
  const screen = openScreen(process.stdout)
  const after = await lookAfterRun(new FinishedRun(out), curation, outAsTyped)
  screen.write(summary(curation, { screen, out: outAsTyped, encoding: recipe.encoding, ...after }))
}

function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
}
