import type { Pushed } from '../../sinks/hub/hub-push.ts'
import { CancelledError, StepError, UsageError } from '../errors.ts'
import type { Job } from './curate-and-tell.ts'
import type { Screen } from './screen.ts'

type PushJob = Pick<Job, 'recipe' | 'out' | 'outAsTyped'>

/** Thrown in the place of any other error once a push is stopped by a signal. */
export class PushStoppedError extends CancelledError {}

/** Looks before a run whether its recipe's push can go well: a run may take hours. */
export async function checkPushAfterRun({ recipe }: PushJob, signal: AbortSignal): Promise<void> {
  if (!recipe.push) return
  const { checkPush } = await import('./push-output.ts')
  await checkPush(recipe.push, signal)
}

/** Pushes what a run wrote; null where the recipe does not ask for it. An error says that the run is complete all the same. */
export async function pushAfterRun(
  { recipe, out, outAsTyped }: PushJob,
  { signal, notes }: { readonly signal: AbortSignal; readonly notes: Pick<Screen, 'write'> | null },
): Promise<Pushed | null> {
  if (!recipe.push) return null
  const { pushOutput } = await import('./push-output.ts')
  try {
    return await pushOutput(out, recipe.push, { signal, notes })
  } catch (cause) {
    const told = `the run is complete in ${outAsTyped}, and its push to ${recipe.push.to} is not`
    const later = `sluice push ${outAsTyped} ${recipe.push.to} does it later`
    if (signal.aborted)
      throw new PushStoppedError(`stopped by ${signal.reason}: ${told}; ${later}`, { cause: signal.reason })
    const message = `${told}: ${(cause as Error).message}. ${later}`
    throw cause instanceof UsageError ? new UsageError(message, { cause }) : new StepError(message, { cause })
  }
}
