import { readFinishedOutput } from '../../sinks/hub/finished-output.ts'
import { HubPush, type Pushed, type PushPlan } from '../../sinks/hub/hub-push.ts'
import { type PushWishes, pushTarget } from '../../sinks/hub/push-target.ts'
import { safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'

/** Throws UsageError where a push can't go well, as far as that can be known before there is an output. */
export function checkPush(wishes: PushWishes, signal: AbortSignal): Promise<unknown> {
  return withHub(wishes, signal, (hub) => hub.check())
}

/** What a push of an output folder would do. */
export function planPush(directory: string, wishes: PushWishes, signal: AbortSignal): Promise<PushPlan> {
  return withHub(wishes, signal, async (hub, options) =>
    hub.plan(await readFinishedOutput(directory, options)),
  )
}

/** Pushes an output folder, and says of each large file that it has arrived. */
export function pushOutput(
  directory: string,
  wishes: PushWishes,
  { signal, notes }: { readonly signal: AbortSignal; readonly notes: Pick<Screen, 'write'> | null },
): Promise<Pushed> {
  return withHub(wishes, signal, async (hub, options) => {
    notes?.write('comparing the files with the manifest\n')
    const output = await readFinishedOutput(directory, options)
    return hub.push(output, { onUploaded: (path) => notes?.write(`uploaded ${safeLine(path)}\n`) })
  })
}

async function withHub<T>(
  wishes: PushWishes,
  signal: AbortSignal,
  use: (hub: HubPush, options: { withFailed: boolean; signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const target = pushTarget(wishes)
  const hub = new HubPush(target, signal)
  try {
    return await use(hub, { withFailed: target.withFailed, signal })
  } finally {
    await hub.close()
  }
}
