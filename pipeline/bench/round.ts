import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Decompressed } from '../batch/decompression.ts'
import type { Pipeline } from '../graph/pipeline.ts'
import type { Measure } from '../graph/step.ts'
import { runOnPool } from '../runners/local.ts'
import { type OpenExecutor, type RunResult, runPipeline } from '../runners/run.ts'
import type { BundleResult, BundleWork, StepTiming } from '../worker/bundle-result.ts'
import type { Commits } from '../worker/committer.ts'
import { partsOf } from '../worker/packed-parts.ts'
import { CommitThread, StagePool } from '../worker/pool.ts'
import type { StageData } from '../worker/stage-task.ts'

/** What is kept of a bundle. */
export interface BundleRecord {
  readonly index: number
  readonly rows: number
  /** by node */
  readonly timings: Readonly<Record<number, StepTiming>>
  readonly work: BundleWork
  readonly decompressed: readonly Decompressed[]
  /** encoded bytes, by the node of their sink */
  readonly encodedBytes: Readonly<Record<number, number>>
}

/** One run of the pipeline over all its rows. */
export interface Round {
  readonly result: RunResult
  readonly bundles: readonly BundleRecord[]
  /** from the first bundle's start until every file has its name */
  readonly seconds: number
  /** from the call to the first bundle's start */
  readonly startUpSeconds: number
  /** what the sinks took in the committer's thread, by node */
  readonly writing: Readonly<Record<number, StepTiming>>
}

export interface RoundOptions {
  readonly workers: number
  readonly limit: number | null
  readonly measure: Measure
  /** what is measured of every step */
  readonly costs: boolean
  readonly signal: AbortSignal
}

/**
 * Runs a pipeline again and again, as a run does, with workers that stay warm in between: each round has its stages
 * opened and closed, its own committer, and a folder for its output, which is removed after it.
 */
export class Rounds {
  readonly #pipeline: Pipeline
  readonly #options: RoundOptions
  #pool: StagePool | null = null

  constructor(pipeline: Pipeline, options: RoundOptions) {
    this.#pipeline = pipeline
    this.#options = options
  }

  async run(): Promise<Round> {
    const { limit, measure, signal } = this.#options
    const directory = await mkdtemp(path.join(os.tmpdir(), 'sluice-bench-'))
    const watch = new Watch()
    try {
      const options = { directory, limit, measure, signal }
      const result = await runPipeline(this.#pipeline, options, this.#open(watch))
      return { result, ...watch.seen() }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }

  /** A round with a profile of each worker, written to the directory. */
  async profile(directory: string): Promise<void> {
    const { signal } = this.#options
    await this.run()
    await this.#pool!.startProfiles(signal)
    await this.run()
    await this.#pool!.saveProfiles(directory, signal)
  }

  async close(): Promise<void> {
    await this.#pool?.close()
    this.#pool = null
  }

  #open(watch: Watch): OpenExecutor {
    const { workers, costs } = this.#options
    return async (plan, { directory, shared, sources, signal }) => {
      const commits = watch.commits(await CommitThread.open(plan, directory, signal))
      // The plan of a pipeline is always the same, so the pool of the first round serves them all.
      const data: StageData = { plan, shared, measure: costs ? 'costs' : 'time' }
      this.#pool ??= new StagePool(data, workers)
      const pool = this.#pool
      pool.serve(sources, signal)
      return {
        commits,
        run: (leases, consume) =>
          runOnPool(pool, workers, {
            leases,
            signal,
            consume: (result) => {
              watch.take(result)
              return consume(result)
            },
          }),
        hash: (file) => pool.hash(file, signal),
        finish: () => pool.finish(signal),
        close: () => commits.close(),
      }
    }
  }
}

/** Notes what passes by in a round. */
class Watch {
  readonly #started = now()
  readonly #bundles: BundleRecord[] = []
  #writing: Round['writing'] = {}
  #ended = 0

  take({ index, rows, timings, work, decompressed, parts }: BundleResult): void {
    const encodedBytes = Object.fromEntries(
      partsOf(parts).map(({ node, encoded }) => [node, encoded?.bytes.length ?? 0]),
    )
    this.#bundles.push({ index, rows, timings, work, decompressed, encodedBytes })
  }

  commits(commits: Commits): Commits {
    return {
      add: (result) => commits.add(result),
      drain: async (accumulator) => {
        const drained = await commits.drain(accumulator)
        this.#writing = drained.writing
        return drained
      },
      commit: async () => {
        const receipts = await commits.commit()
        this.#ended = now()
        return receipts
      },
      abort: (cause) => commits.abort(cause),
      close: () => commits.close(),
    }
  }

  seen(): Omit<Round, 'result'> {
    const first = Math.min(...this.#bundles.map(({ work }) => work.startedAt))
    return {
      bundles: this.#bundles,
      seconds: (this.#ended - first) / 1000,
      startUpSeconds: (first - this.#started) / 1000,
      writing: this.#writing,
    }
  }
}

/** Milliseconds since the epoch: threads have clocks of their own, with other beginnings. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
