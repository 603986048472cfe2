import type { Cell } from '../batch/columns.ts'
import type { Decompressed } from '../batch/decompression.ts'
import type { MetricValues } from '../graph/metrics.ts'
import type { CollectionId } from '../graph/node.ts'
import type { TrafficByFile } from '../graph/traffic.ts'
import type { View } from '../graph/view.ts'
import type { Parts } from './packed-parts.ts'

/** What a bundle has for one sink, or for a Combine or a tally that waits for the selection. Plain data. */
export interface Part {
  /** id of the node that takes it */
  readonly node: number
  readonly view: View
  /** true when the selection has still to judge these rows */
  readonly selected: boolean
  /** each row's position in its file; null for elements that came from several rows */
  readonly sourceRows: readonly (number | null)[]
  readonly columns: Readonly<Record<string, readonly Cell[]>>
  readonly encoded: Encoded | null
}

/** Rows as bytes, one after the other. */
export interface Encoded {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** where each row ends; empty once sealed */
  readonly ends: Float64Array
}

/** Rows by what became of them. */
export interface Tally {
  rows: number
  kept: number
  failed: number
  /** by reason, in the order first seen */
  dropped: Record<string, number>
}

/** How long a step took over a bundle, and what passed through it. */
export interface StepTiming {
  readonly rows: number
  readonly nanoseconds: number
  /** where they are measured: see `CostMeter` */
  readonly costs?: StepCosts
}

/** What a step cost beside time. */
export interface StepCosts {
  /** of the thread that the step ran in; less than the time it took where it waited, or others had the processor */
  readonly cpuNanoseconds: number
  /** in the JavaScript heap */
  readonly allocatedBytes: number
  /** for the collections of garbage that fell into it, as a part of its time */
  readonly collectingNanoseconds: number
  /** of its batches, those of the members that it declares to read */
  readonly touchedBytes: number
}

/** Who ran a bundle, and when. */
export interface BundleWork {
  /** id of the thread */
  readonly thread: number
  /** milliseconds since the epoch */
  readonly startedAt: number
  readonly nanoseconds: number
  /** of the thread */
  readonly cpuNanoseconds: number
  /** ready, while other threads had the processors; 0 where the system does not tell, as Linux does */
  readonly queuedNanoseconds: number
}

/** What the rows that are still kept bring to the selection. */
export interface SelectionPart {
  readonly accumulator: unknown
  readonly sourceRows: readonly (number | null)[]
  readonly columns: Readonly<Record<string, readonly Cell[]>>
}

/** What a bundle has for the committer. */
export interface BundleParts {
  readonly index: number
  readonly parts: Parts
  readonly selection: SelectionPart | null
}

/** All that leaves a stage when a bundle is done. Plain data; the bytes are transferred between threads. */
export interface BundleResult extends BundleParts {
  readonly rows: number
  readonly bytes: number
  /** accumulators of Combines, by node */
  readonly accumulators: Readonly<Record<number, unknown>>
  /** elements that cross to the main thread, by collection */
  readonly crossings: Readonly<Record<CollectionId, Crossing>>
  readonly metrics: Readonly<Record<number, MetricValues>>
  readonly timings: Readonly<Record<number, StepTiming>>
  readonly work: BundleWork
  /** what was decompressed into the stage's memory */
  readonly decompressed: readonly Decompressed[]
  /** what its source asked of a network, in the thread that read it */
  readonly traffic: TrafficByFile
  /** how long the bundle's lease waited for a worker, in milliseconds; 0 but for a lease's first bundle */
  readonly queuedMs: number
}

export interface Crossing {
  readonly file: string
  readonly revision: string | null
  readonly values: readonly unknown[]
  readonly sourceRows: readonly (number | null)[]
}
