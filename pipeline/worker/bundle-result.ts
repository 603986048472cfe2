import type { Cell } from '../batch/columns.ts'
import type { MetricValues } from '../graph/metrics.ts'
import type { CollectionId } from '../graph/node.ts'
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
  rows: number
  nanoseconds: number
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
  /** how long the bundle's lease waited for a worker, in milliseconds; 0 but for a lease's first bundle */
  readonly queuedMs: number
}

export interface Crossing {
  readonly file: string
  readonly revision: string | null
  readonly values: readonly unknown[]
  readonly sourceRows: readonly (number | null)[]
}
