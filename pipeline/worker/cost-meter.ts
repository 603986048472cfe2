import v8 from 'node:v8'
import type { StepCosts, StepTiming } from './bundle-result.ts'
import type { Meter } from './meter.ts'

interface Reading {
  readonly nanoseconds: bigint
  readonly cpuMicroseconds: number
  readonly heapBytes: number
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Booked = Mutable<Omit<StepTiming, 'costs'>> & { readonly costs: Mutable<StepCosts> }

/** Empty measurements that tell what a measurement itself allocates. */
const CALIBRATIONS = 200

/**
 * Measures what a node costs beside time: processor time, objects that it makes, collections of garbage, bytes that
 * it looks at. Each look takes some 50 µs, which are booked to nobody, so it is for a pass of its own.
 *
 * V8 has no count of all that was ever allocated. It is put together: how much more the heap holds at the end, plus what
 * each collection in between took out of it (v8.GCProfiler). That covers what lives in the JavaScript heap; the
 * contents of buffers and WebAssembly memories are not in it.
 */
export class CostMeter implements Meter {
  #booked: Record<number, Booked> = {}
  readonly #entered: number[] = []
  #since: Reading
  #collector = new v8.GCProfiler()
  /** bytes that two looks themselves allocate between them */
  readonly #ownBytes: number

  constructor() {
    this.#collector.start()
    this.#since = read()
    this.#ownBytes = this.#calibrate()
  }

  enter(node: number, rows: number): void {
    this.#book()
    this.#entered.push(node)
    this.#of(node).rows += rows
    this.#restart()
  }

  leave(): void {
    this.#book()
    this.#entered.pop()
    this.#restart()
  }

  touch(node: number, bytes: () => number): void {
    this.#book()
    this.#of(node).costs.touchedBytes += bytes()
    this.#restart()
  }

  take(): Record<number, StepTiming> {
    const booked = this.#booked
    this.#booked = {}
    return booked
  }

  #book(): void {
    const now = read()
    const { freedBytes, microseconds } = collected(this.#collector)
    const node = this.#entered.at(-1)
    if (node === undefined) return
    const booked = this.#of(node)
    booked.nanoseconds += Number(now.nanoseconds - this.#since.nanoseconds)
    booked.costs.cpuNanoseconds += 1000 * (now.cpuMicroseconds - this.#since.cpuMicroseconds)
    booked.costs.collectingNanoseconds += 1000 * microseconds
    const allocated = now.heapBytes - this.#since.heapBytes + freedBytes - this.#ownBytes
    booked.costs.allocatedBytes += Math.max(0, allocated)
  }

  #restart(): void {
    this.#collector = new v8.GCProfiler()
    this.#collector.start()
    this.#since = read()
  }

  #calibrate(): number {
    let least = Number.POSITIVE_INFINITY
    for (let at = 0; at < CALIBRATIONS; at++) {
      this.#restart()
      const grown = read().heapBytes - this.#since.heapBytes
      if (grown >= 0) least = Math.min(least, grown)
      this.#collector.stop()
    }
    this.#restart()
    return Number.isFinite(least) ? least : 0
  }

  #of(node: number): Booked {
    this.#booked[node] ??= {
      rows: 0,
      nanoseconds: 0,
      costs: { cpuNanoseconds: 0, allocatedBytes: 0, collectingNanoseconds: 0, touchedBytes: 0 },
    }
    return this.#booked[node]
  }
}

/** The heap is read last: reading the others allocates. */
function read(): Reading {
  const nanoseconds = process.hrtime.bigint()
  const { user, system } = process.threadCpuUsage()
  const { used_heap_size: heapBytes } = v8.getHeapStatistics()
  return { nanoseconds, cpuMicroseconds: user + system, heapBytes }
}

function collected(profiler: v8.GCProfiler): { freedBytes: number; microseconds: number } {
  let freedBytes = 0
  let microseconds = 0
  for (const { beforeGC, afterGC, cost } of profiler.stop()?.statistics ?? []) {
    freedBytes += beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize
    microseconds += cost
  }
  return { freedBytes, microseconds }
}
