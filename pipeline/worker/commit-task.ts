import { workerData } from 'piscina'
import { type Answer, answer } from '../graph/transport.ts'
import type { Plan } from '../plan/plan.ts'
import type { BundleParts } from './bundle-result.ts'
import { Committer } from './committer.ts'

/** A call to the committer as it crosses threads. */
export type CommitCall =
  | { readonly method: 'open'; readonly directory: string }
  | { readonly method: 'add'; readonly bundle: BundleParts }
  | { readonly method: 'drain'; readonly accumulator: unknown }
  | { readonly method: 'commit' }
  | { readonly method: 'abort'; readonly cause: string }

/** What the committer's thread is started with. */
export interface CommitData {
  readonly plan: Plan
  /** over shared memory: not 0 once the run is cancelled */
  readonly cancelled: Int32Array
}

const { plan, cancelled: flag } = workerData as CommitData
const cancelled = new AbortController()
// A call to abort would wait for the call before it, which may wait for nothing else.
void Promise.resolve(Atomics.waitAsync(flag, 0, 0).value).then(() =>
  cancelled.abort(new Error('the run was cancelled')),
)
let committer: Committer | undefined

/** Serves one run's committer; the pool gives one call at a time, in order. */
export default function serve(call: CommitCall): Promise<Answer<unknown>> {
  return answer(async () => {
    switch (call.method) {
      case 'open':
        committer = await Committer.open(plan, call.directory, cancelled.signal)
        return null
      case 'add':
        return committer!.add(call.bundle)
      case 'drain':
        return committer!.drain(call.accumulator)
      case 'commit':
        return committer!.commit()
      case 'abort':
        return committer?.abort(call.cause)
      default:
        return call satisfies never
    }
  })
}
