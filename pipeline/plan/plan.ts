import type { RowLayout } from '../batch/row.ts'
import type { CollectionId, CombineKey, Judges } from '../graph/node.ts'
import type { Ref } from '../graph/ref.ts'
import type { Measure } from '../graph/step.ts'

/**
 * Where a step runs. `worker`: fused into the stage of its source, in the thread that reads the bundle. `main`:
 * in the process that built the graph, because the step holds a closure. `end`: on the main thread once all
 * bundles are done, because its input is the result of a Combine.
 */
export type Place = 'worker' | 'main' | 'end'

interface Planned {
  readonly id: number
  /** unique in the pipeline, stable between runs */
  readonly name: string
  readonly place: Place
  readonly inputs: readonly CollectionId[]
  readonly outputs: Readonly<Record<string, CollectionId>>
  /** for each input, whether the node gets its batches with marks and columns of their own */
  readonly forks: readonly boolean[]
  /** row members and columns that the step reads; '*' for all */
  readonly reads: readonly string[]
  /** true after the pipeline's selection: its rows are final only when the choice is made */
  readonly selected: boolean
}

/** A node of the graph with the planner's decisions. Plain data: it crosses threads. */
export type PlannedNode = Planned &
  (
    | { readonly kind: 'read'; readonly ref: Ref; readonly layout: RowLayout; readonly early: Early }
    | { readonly kind: 'create' }
    | { readonly kind: 'step'; readonly ref: Ref; readonly judges: Judges; readonly adds: readonly string[] }
    | {
        readonly kind: 'do'
        readonly ref: Ref | null
        readonly tags: readonly string[]
        /** whether some step takes the elements that it could not process */
        readonly routesFailed: boolean
      }
    | { readonly kind: 'flatten' }
    | { readonly kind: 'outcomes' }
    | { readonly kind: 'combine'; readonly ref: Ref | null; readonly key: CombineKey }
    | { readonly kind: 'select'; readonly ref: Ref; readonly columns: readonly string[] }
    | {
        readonly kind: 'write'
        readonly ref: Ref
        readonly columns: readonly string[]
        readonly encodes: boolean
      }
  )

export type PlannedKind = PlannedNode['kind']
export type NodeOf<Kind extends PlannedKind> = Extract<PlannedNode, { kind: Kind }>

/** Filters that judge a row before its expensive leaves are read. */
export interface Early {
  /** the filters' nodes, in order */
  readonly filters: readonly number[]
  /** the leaves that are read before they judge: all cheap ones, so that the record of a refused row is complete */
  readonly leaves: readonly string[]
}

/** A graph made ready to run. Plain data; inline code is found in the pipeline by the node's id. */
export interface Plan {
  readonly pipeline: string
  readonly measure: Measure
  /** in topological order; a node's id is its index */
  readonly nodes: readonly PlannedNode[]
  /** collections whose elements cross from the workers to the main thread */
  readonly crossings: readonly CollectionId[]
  /** the node of the pipeline's selection; null without one */
  readonly selection: number | null
}

/** The node that makes a collection. */
export function producerOf(plan: Plan, collection: CollectionId): PlannedNode {
  return plan.nodes.find((node) => Object.values(node.outputs).includes(collection))!
}
