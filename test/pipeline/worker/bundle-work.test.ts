import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { type TestContext, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { startWork } from '../../../pipeline/worker/bundle-work.ts'

/** Threads that never rest, until the test is over. */
async function spin(t: TestContext, threads: number): Promise<void> {
  const code = `require('node:worker_threads').parentPort.postMessage('on'); for (;;);`
  const workers = Array.from({ length: threads }, () => new Worker(code, { eval: true }))
  t.after(() => Promise.all(workers.map((worker) => worker.terminate())))
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
}

/** Works until the thread was on a processor for so long. */
function workFor(milliseconds: number): void {
  const started = process.threadCpuUsage()
  for (;;) {
    const { user, system } = process.threadCpuUsage(started)
    if (user + system >= 1000 * milliseconds) return
  }
}

const isLinux = process.platform === 'linux'

test('what other threads take from a bundle is told apart from what it takes itself', async (t) => {
  await spin(t, 3 * availableParallelism())
  const finish = startWork()
  workFor(100)
  const { nanoseconds, cpuNanoseconds, queuedNanoseconds } = finish()
  assert.ok(cpuNanoseconds >= 90e6 && cpuNanoseconds <= nanoseconds)
  if (!isLinux) return assert.equal(queuedNanoseconds, 0)
  assert.ok(queuedNanoseconds > cpuNanoseconds / 2)
  // Processor time is booked in ticks of some milliseconds.
  assert.ok(cpuNanoseconds + queuedNanoseconds <= nanoseconds + 20e6)
})

test('waiting for a timer is no queueing for a processor', async () => {
  const finish = startWork()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const { nanoseconds, cpuNanoseconds, queuedNanoseconds } = finish()
  assert.ok(cpuNanoseconds + queuedNanoseconds < nanoseconds)
})
