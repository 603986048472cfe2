import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Pipeline } from '../graph/pipeline.ts'
import { sha256OfFile } from '../ledger/hash-file.ts'
import type { NodeOf } from '../plan/plan.ts'
import { Committer } from '../worker/committer.ts'
import { Stage } from '../worker/stage.ts'
import { type OpenExecutor, type RunOptions, type RunResult, runPipeline } from './run.ts'

/** Runs everything inline, in this thread, bundle by bundle: for tests and debugging. */
export function runDirect(pipeline: Pipeline, options: RunOptions): Promise<RunResult> {
  return runPipeline(pipeline, options, openDirect)
}

const openDirect: OpenExecutor = async (plan, { directory, shared, sources, signal }) => {
  const commits = await Committer.open(plan, directory, signal)
  const connect = (read: number): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    sources.get(read)!.serve!(port2, 1, signal)
    return port1
  }
  const stage = await Stage.open(plan, 'worker', { shared, connect }, () => undefined).catch(
    async (error: unknown) => {
      await commits.abort(error)
      throw error
    },
  )
  return {
    commits,
    async run(leases, consume) {
      for (const { read, bundles } of leases)
        for (const bundle of bundles)
          await consume(await stage.runBundle(plan.nodes[read] as NodeOf<'read'>, bundle, signal))
    },
    hash: sha256OfFile,
    finish: () => stage.close(),
    close: () => stage.close().catch(() => {}),
  }
}
