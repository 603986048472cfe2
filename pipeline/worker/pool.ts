import { extname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Piscina } from 'piscina'
import { StepError } from '../errors.ts'
import type { Source } from '../graph/source.ts'
import { type Answer, unwrap } from '../graph/transport.ts'
import type { Plan } from '../plan/plan.ts'
import type { BundleParts, BundleResult } from './bundle-result.ts'
import type { CommitCall, CommitData } from './commit-task.ts'
import type { Commits } from './committer.ts'
import { buffersOf } from './packed-parts.ts'
import type {
  ConnectRequest,
  HashTask,
  Lease,
  StageData,
  StageTask,
  ThreadOrder,
  ThreadTask,
} from './stage-task.ts'

const here = (name: string) => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url).href

/**
 * Texts that rows decode are garbage a moment later. A young generation of this size has most of a batch's behind it
 * when it is swept; a larger one takes memory and no less time.
 */
const YOUNG_GENERATION_MB = 48

/** The committer makes little that is garbage at once; with Node's default it took 120 MB more. */
const COMMIT_YOUNG_GENERATION_MB = 8

/** Worker threads that run a plan's fused stage over leases of bundles. */
export class StagePool {
  readonly #pool: Piscina
  readonly #threads: number

  constructor(data: StageData, workers: number) {
    this.#threads = workers
    this.#pool = new Piscina({
      filename: here('stage-task'),
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
  }

  /** Sources in the workers are served by those that planned, with one port for each thread. */
  serve(sources: ReadonlyMap<number, Source<unknown>>, signal: AbortSignal): void {
    this.#pool.removeAllListeners('message')
    this.#pool.on('message', ({ read, port }: ConnectRequest) =>
      sources.get(read)!.serve!(port, this.#threads, signal),
    )
  }

  async run(lease: Lease, signal: AbortSignal): Promise<readonly BundleResult[]> {
    const task: StageTask = { lease, queuedAt: performance.timeOrigin + performance.now() }
    let done: Answer<readonly BundleResult[]>
    try {
      done = await this.#pool.run(task, { signal })
    } catch (cause) {
      if (signal.aborted) throw cause
      throw deathOf(lease, cause)
    }
    return unwrap(done)
  }

  /** The SHA-256 of a file, in hex. */
  async hash(file: string, signal: AbortSignal): Promise<string> {
    const task: HashTask = { hash: file }
    return unwrap((await this.#pool.run(task, { signal })) as Answer<string>)
  }

  /** Closes the stages of all threads, so that teardowns have run before anything is committed. */
  finish(signal: AbortSignal): Promise<void> {
    return this.#everyThread({ do: 'close' }, signal)
  }

  /** Begins a CPU profile of every thread. */
  startProfiles(signal: AbortSignal): Promise<void> {
    return this.#everyThread({ do: 'profile' }, signal)
  }

  /** Ends the profiles and writes them to the directory, `worker-1.cpuprofile` and so on. */
  saveProfiles(directory: string, signal: AbortSignal): Promise<void> {
    return this.#everyThread({ do: 'save profile', directory }, signal)
  }

  async #everyThread(order: ThreadOrder, signal: AbortSignal): Promise<void> {
    const begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const task: ThreadTask = { order, threads: this.#threads, begun }
    const done = Array.from({ length: this.#threads }, () => this.#pool.run(task, { signal }))
    for (const answer of await Promise.all(done)) unwrap(answer as Answer<null>)
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

/** A thread that ends, or that gives back what can't be copied, says nothing of what it was doing. */
function deathOf({ bundles }: Lease, cause: unknown): StepError {
  const first = bundles[0]!
  const last = bundles.at(-1)!
  const rows = `${first.file}, rows ${first.firstRow} to ${last.firstRow + last.rows - 1}`
  // What can't be cloned on the way back comes as an error without a word.
  const why =
    (cause instanceof Error ? cause.message : String(cause)) ||
    'a step made something that can not be copied between threads'
  return new StepError(`a worker failed over ${rows}: ${why}`, { where: { file: first.file }, cause })
}

/** How long the sinks have to take back what they wrote, before their thread is ended. */
const ABORT_MS = 5_000

/** The committer in a thread of its own, so that encoding tables never holds up the main thread. */
export class CommitThread implements Commits {
  readonly #pool: Piscina
  readonly #signal: AbortSignal
  /** over shared memory: not 0 once the run is cancelled, which a thread that is busy can see */
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

  private constructor(plan: Plan, signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#cancel, { once: true })
    this.#pool = new Piscina({
      filename: here('commit-task'),
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: { plan, cancelled: this.#cancelled } satisfies CommitData,
      resourceLimits: { maxYoungGenerationSizeMb: COMMIT_YOUNG_GENERATION_MB },
    })
  }

  static async open(plan: Plan, directory: string, signal: AbortSignal): Promise<CommitThread> {
    const thread = new CommitThread(plan, signal)
    try {
      await thread.#call({ method: 'open', directory })
    } catch (error) {
      await thread.#pool.destroy()
      throw error
    }
    return thread
  }

  add(bundle: BundleParts): ReturnType<Commits['add']> {
    return this.#unlessAborted(this.#call({ method: 'add', bundle }, buffersOf(bundle.parts)))
  }

  drain(accumulator: unknown): ReturnType<Commits['drain']> {
    return this.#unlessAborted(this.#call({ method: 'drain', accumulator }))
  }

  commit(): ReturnType<Commits['commit']> {
    return this.#call({ method: 'commit' })
  }

  /** A sink that is waiting hears of it by its signal; one that does not listen is not waited for longer than a while. */
  async abort(cause: unknown): Promise<void> {
    this.#cancel()
    const taken = this.#call<void>({
      method: 'abort',
      cause: cause instanceof Error ? cause.message : String(cause),
    })
    const deadline = new AbortController()
    await Promise.race([taken, setTimeout(ABORT_MS, undefined, { signal: deadline.signal })]).finally(() =>
      deadline.abort(),
    )
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#cancel)
    await this.#pool.destroy()
  }

  readonly #cancel = (): void => {
    Atomics.store(this.#cancelled, 0, 1)
    Atomics.notify(this.#cancelled, 0)
  }

  /** Rejects as soon as the run is aborted, whatever the sinks are waiting for. */
  async #unlessAborted<T>(call: Promise<T>): Promise<T> {
    const ended = Promise.withResolvers<never>()
    const abort = () => ended.reject(this.#signal.reason)
    this.#signal.addEventListener('abort', abort, { once: true })
    try {
      this.#signal.throwIfAborted()
      return await Promise.race([call, ended.promise])
    } finally {
      this.#signal.removeEventListener('abort', abort)
      call.catch(() => {})
    }
  }

  async #call<T>(call: CommitCall, transferList: ArrayBuffer[] = []): Promise<T> {
    return unwrap((await this.#pool.run(call, { transferList })) as Answer<T>)
  }
}
