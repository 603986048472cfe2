import type { Batch } from '../batch/batch.ts'
import type { CollectionId } from '../graph/node.ts'
import type { View } from '../graph/view.ts'
import type { Crossing, Part, SelectionPart } from './bundle-result.ts'

/** Hands a batch to every step that takes the collection, and settles when they are done with it. */
export type Emit = (collection: CollectionId, batch: Batch, view: View) => Promise<void>

/** Where a node leaves what a bundle brought. */
export interface BundleOutput {
  readonly parts: Part[]
  readonly accumulators: Record<number, unknown>
  readonly crossings: Record<CollectionId, Crossing>
  selection: SelectionPart | null
}

/** A node of the plan at work in one thread. Calls come one at a time. */
export interface NodeRunner {
  /** Drops what an earlier bundle may have left. Steps start before those that emit to them. */
  startBundle?(): void | Promise<void>
  /** `input` is the position of the batch's collection among the node's inputs. */
  accept(batch: Batch, view: View, input: number): void | Promise<void>
  /** A batch of the source has been through all steps, and its rows end: what waits must go on. */
  finishBatch?(): void | Promise<void>
  finishBundle?(output: BundleOutput): void | Promise<void>
  close?(): void | Promise<void>
}
