import { move, transferableSymbol, valueSymbol, workerData } from 'piscina'
import { PlanError } from '../errors.ts'
import type { Bundle } from '../graph/source.ts'
import { sha256OfFile } from '../ledger/hash-file.ts'
import type { NodeOf, Plan } from '../plan/plan.ts'
import type { BundleResult } from './bundle-result.ts'
import { buffersOf, packParts, partsOf } from './packed-parts.ts'
import { type Shared, Stage } from './stage.ts'
import { type Answer, answer } from './transport.ts'

/** A contiguous run of bundles of one source. */
export interface Lease {
  /** id of the node that reads */
  readonly read: number
  readonly bundles: readonly Bundle[]
}

export interface StageTask {
  readonly lease: Lease
  /** milliseconds since the epoch */
  readonly queuedAt: number
}

/** Asks a thread to close its stage. All threads are asked at once, and each waits until all have begun. */
export interface CloseTask {
  readonly close: true
  readonly threads: number
  /** over shared memory: how many have begun */
  readonly begun: Int32Array
}

/** Hashes a file that the source reads. */
export interface HashTask {
  readonly hash: string
}

/** What a thread is started with. */
export interface StageData {
  readonly plan: Plan
  readonly shared: Shared
}

const { plan, shared } = workerData as StageData
let opened: Promise<Stage> | undefined

/** Runs one lease in this thread, or closes the stage, which the first lease opens and which stays warm between them. */
export default function serve(
  task: StageTask | HashTask | CloseTask,
): Promise<Answer<readonly BundleResult[] | string | null>> {
  if ('hash' in task) return answer(() => sha256OfFile(task.hash))
  return 'close' in task ? closeStage(task) : runLease(task)
}

/** A thread that is free would take a second task: so none is done before all have begun. */
function closeStage({ threads, begun }: CloseTask): Promise<Answer<null>> {
  return answer(async () => {
    const stage = await opened
    opened = undefined
    Atomics.add(begun, 0, 1)
    Atomics.notify(begun, 0)
    await stage?.close()
    for (let others = Atomics.load(begun, 0); others < threads; others = Atomics.load(begun, 0))
      await Atomics.waitAsync(begun, 0, others).value
    return null
  })
}

async function runLease({ lease, queuedAt }: StageTask): Promise<Answer<readonly BundleResult[]>> {
  const waited = performance.timeOrigin + performance.now() - queuedAt
  const results = await answer(async () => {
    opened ??= Stage.open(plan, 'worker', shared, ({ name }) => {
      throw new PlanError(`step '${name}' holds a closure and can't run in a worker`)
    })
    const stage = await opened
    const read = plan.nodes[lease.read] as NodeOf<'read'>
    const done: BundleResult[] = []
    // The pool ends the thread when the run is cancelled, so no signal is needed inside it.
    const { signal } = new AbortController()
    for (const bundle of lease.bundles) done.push(packed(await stage.runBundle(read, bundle, signal)))
    return done.map((result, index) => (index === 0 ? { ...result, queuedMs: waited } : result))
  })
  if ('error' in results) return results
  const movable = {
    [transferableSymbol]: results.value.flatMap(({ parts }) => buffersOf(parts)),
    [valueSymbol]: results,
  }
  return move(movable as never) as unknown as Answer<readonly BundleResult[]>
}

function packed(result: BundleResult): BundleResult {
  return { ...result, parts: packParts(partsOf(result.parts)) }
}
