import { threadId } from 'node:worker_threads'
import type { BundleWork } from './bundle-result.ts'
import { queuedNanoseconds } from './queued-time.ts'

/** Starts the clocks of a bundle; what it returns reads them. */
export function startWork(): () => BundleWork {
  const startedAt = performance.timeOrigin + performance.now()
  const started = process.hrtime.bigint()
  const cpu = process.threadCpuUsage()
  const queued = queuedNanoseconds()
  return () => {
    const { user, system } = process.threadCpuUsage(cpu)
    return {
      thread: threadId,
      startedAt,
      nanoseconds: Number(process.hrtime.bigint() - started),
      cpuNanoseconds: 1000 * (user + system),
      queuedNanoseconds: queuedNanoseconds() - queued,
    }
  }
}
