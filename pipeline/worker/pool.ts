import { extname } from 'node:path'
import { Piscina } from 'piscina'
import type { Plan } from '../plan/plan.ts'
import { type BundleResult, buffersOf } from './bundle-result.ts'
import type { CommitCall } from './commit-task.ts'
import type { Commits } from './committer.ts'
import type { Lease, StageTask } from './stage-task.ts'
import { type Answer, unwrap } from './transport.ts'

const here = (name: string) => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url).href

/**
 * Texts that rows decode are garbage a moment later. A small young generation sweeps them up while they are in the
 * cache: against Node's default it took 300 MB less for two workers, and no more time.
 */
const YOUNG_GENERATION_MB = 24

/** Worker threads that run a plan's fused stage over leases of bundles. */
export class StagePool {
  readonly #pool: Piscina

  constructor(plan: Plan, workers: number) {
    this.#pool = new Piscina({
      filename: here('stage-task'),
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: plan,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
  }

  async run(lease: Lease, signal: AbortSignal): Promise<readonly BundleResult[]> {
    const task: StageTask = { lease, queuedAt: performance.timeOrigin + performance.now() }
    return unwrap((await this.#pool.run(task, { signal })) as Answer<readonly BundleResult[]>)
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

/** The committer in a thread of its own, so that encoding tables never holds up the main thread. */
export class CommitThread implements Commits {
  readonly #pool: Piscina

  private constructor(plan: Plan) {
    this.#pool = new Piscina({
      filename: here('commit-task'),
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: plan,
    })
  }

  static async open(plan: Plan, directory: string): Promise<CommitThread> {
    const thread = new CommitThread(plan)
    try {
      await thread.#call({ method: 'open', directory })
    } catch (error) {
      await thread.#pool.destroy()
      throw error
    }
    return thread
  }

  add(result: BundleResult): ReturnType<Commits['add']> {
    return this.#call({ method: 'add', result }, buffersOf(result))
  }

  drain(accumulator: unknown): ReturnType<Commits['drain']> {
    return this.#call({ method: 'drain', accumulator })
  }

  commit(): ReturnType<Commits['commit']> {
    return this.#call({ method: 'commit' })
  }

  abort(cause: unknown): Promise<void> {
    return this.#call({ method: 'abort', cause: cause instanceof Error ? cause.message : String(cause) })
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  async #call<T>(call: CommitCall, transferList: ArrayBuffer[] = []): Promise<T> {
    return unwrap((await this.#pool.run(call, { transferList })) as Answer<T>)
  }
}
