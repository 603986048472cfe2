import path from 'node:path'
import { MessageChannel, type MessagePort, parentPort } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina'
import { PlanError } from '../errors.ts'
import type { Bundle } from '../graph/source.ts'
import { type Answer, answer } from '../graph/transport.ts'
import { sha256OfFile } from '../ledger/hash-file.ts'
import type { NodeOf, Plan, PlannedNode } from '../plan/plan.ts'
import type { BundleResult } from './bundle-result.ts'
import { CostMeter } from './cost-meter.ts'
import { CpuProfile } from './cpu-profile.ts'
import { TimeMeter } from './meter.ts'
import { buffersOf, packParts, partsOf } from './packed-parts.ts'
import { type Shared, Stage } from './stage.ts'

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

/** What every thread can be asked to do. */
export type ThreadOrder =
  | { readonly do: 'close' }
  | { readonly do: 'profile' }
  | { readonly do: 'save profile'; readonly directory: string }

/** Asks a thread to do something. All threads are asked at once, and each waits until all have begun. */
export interface ThreadTask {
  readonly order: ThreadOrder
  readonly threads: number
  /** over shared memory: how many have begun */
  readonly begun: Int32Array
}

/** Hashes a file that the source reads. */
export interface HashTask {
  readonly hash: string
}

/** A source in a worker asks to be connected with the source that planned. */
export interface ConnectRequest {
  /** id of the node that reads */
  readonly read: number
  readonly port: MessagePort
}

/** What a thread is started with. */
export interface StageData {
  readonly plan: Plan
  readonly shared: Shared
  /** what is measured of every step: time, or all that it costs, which takes time itself */
  readonly measure?: 'time' | 'costs'
}

const { plan, shared, measure } = workerData as StageData
const profile = new CpuProfile()
let opened: Promise<Stage> | undefined

/** Runs one lease in this thread, or follows an order. The first lease opens the stage, which stays warm between them. */
export default function serve(
  task: StageTask | HashTask | ThreadTask,
): Promise<Answer<readonly BundleResult[] | string | null>> {
  if ('hash' in task) return answer(() => sha256OfFile(task.hash))
  return 'order' in task ? follow(task) : runLease(task)
}

/** A thread that is free would take a second task: so none is done before all have begun. */
function follow({ order, threads, begun }: ThreadTask): Promise<Answer<null>> {
  return answer(async () => {
    const stage = await opened
    const before = Atomics.add(begun, 0, 1)
    Atomics.notify(begun, 0)
    switch (order.do) {
      case 'close':
        opened = undefined
        await stage?.close()
        break
      case 'profile':
        await profile.start()
        break
      case 'save profile':
        await profile.save(path.join(order.directory, `worker-${before + 1}.cpuprofile`))
        break
      default:
        order satisfies never
    }
    for (let others = Atomics.load(begun, 0); others < threads; others = Atomics.load(begun, 0))
      await Atomics.waitAsync(begun, 0, others).value
    return null
  })
}

/** A port to the source that planned, in the thread that made this one. */
function connect(read: number): MessagePort {
  const { port1, port2 } = new MessageChannel()
  const request: ConnectRequest = { read, port: port2 }
  parentPort!.postMessage(request, [port2])
  return port1
}

function noInline({ name }: PlannedNode): never {
  throw new PlanError(`step '${name}' holds a closure and can't run in a worker`)
}

async function runLease({ lease, queuedAt }: StageTask): Promise<Answer<readonly BundleResult[]>> {
  const waited = performance.timeOrigin + performance.now() - queuedAt
  const results = await answer(async () => {
    const meter = measure === 'costs' ? new CostMeter() : new TimeMeter()
    opened ??= Stage.open(plan, 'worker', { shared, connect }, noInline, meter)
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
