import { availableParallelism } from 'node:os'
import { UsageError } from '../errors.ts'
import type { Pipeline } from '../graph/pipeline.ts'
import type { BundleResult } from '../worker/bundle-result.ts'
import { CommitThread, StagePool } from '../worker/pool.ts'
import type { Lease } from '../worker/stage-task.ts'
import { inOrder } from '../worker/streams.ts'
import { type OpenExecutor, type RunOptions, type RunResult, runPipeline } from './run.ts'

export interface LocalOptions extends RunOptions {
  /** threads that run stages; by default the processors that this process may use */
  readonly workers?: number
}

/** Runs stages in worker threads; this thread only moves bundles. Throws UsageError for a number of workers that is none. */
export function runLocal(pipeline: Pipeline, { workers, ...options }: LocalOptions): Promise<RunResult> {
  const threads = workers ?? availableParallelism()
  if (!Number.isInteger(threads) || threads < 1)
    return Promise.reject(new UsageError(`workers is ${threads}: a whole number from 1 is needed`))
  return runPipeline(pipeline, options, openLocal(threads))
}

/** Leases that wait with their results until those before them are written. */
const LEASES_AHEAD = 1

interface PoolRun {
  readonly leases: Iterable<Lease>
  consume(result: BundleResult): Promise<void>
  readonly signal: AbortSignal
}

/** Runs leases on a pool of so many workers and consumes the results in order. */
export async function runOnPool(
  pool: StagePool,
  workers: number,
  { leases, consume, signal }: PoolRun,
): Promise<void> {
  await inOrder({
    tasks: leases,
    inFlight: workers + LEASES_AHEAD,
    run: (lease) => pool.run(lease, signal),
    consume: async (results) => {
      for (const result of results) await consume(result)
    },
  })
}

const openLocal =
  (workers: number): OpenExecutor =>
  async (plan, { directory, shared, sources, signal }) => {
    const commits = await CommitThread.open(plan, directory, signal)
    const pool = new StagePool({ plan, shared }, workers)
    pool.serve(sources, signal)
    return {
      commits,
      run: (leases, consume) => runOnPool(pool, workers, { leases, consume, signal }),
      hash: (file) => pool.hash(file, signal),
      finish: () => pool.finish(signal),
      close: async () => {
        await pool.close()
        await commits.close()
      },
    }
  }
