import type { Failure, Refusal } from '../batch/outcome.ts'
import type { CombineFn } from './combine-fn.ts'
import type { DoFn } from './do-fn.ts'
import type { Ref } from './ref.ts'
import type { ReadOperation } from './source.ts'
import type { AddedSpec, BatchFace, JudgeFace, RowFace } from './step.ts'

/** Identifies a PCollection inside its pipeline. */
export type CollectionId = number

/** How a Combine groups: not at all, by the first of a pair, or by a column of the row. */
export type CombineKey = 'none' | 'pair' | { readonly column: string }

/** Whether a step judges rows, and whether it may do so before they are read in full. */
export type Judges = 'no' | 'in place' | 'early'

/** Code named so that a worker can load it, or held here and bound to this process. */
export type Code<T> = { readonly ref: Ref } | { readonly inline: () => T }

export type StepFace = RowFace<never, unknown> | BatchFace<never, unknown> | JudgeFace<never>

/** What a node of the graph does. */
export type Operation =
  | ReadOperation
  | { readonly kind: 'create'; readonly values: readonly unknown[] }
  | {
      /** adds columns to rows, or judges them, in place */
      readonly kind: 'step'
      readonly ref: Ref
      readonly judges: Judges
      readonly reads: readonly string[]
      readonly adds: Readonly<Record<string, AddedSpec>>
      share(): unknown
    }
  | {
      /** element-wise, any number of elements out, to any of its tags */
      readonly kind: 'do'
      readonly code: Code<DoFn<never, unknown, Record<string, unknown>>>
      readonly reads: readonly string[]
      readonly tags: readonly string[]
    }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'outcomes' }
  | {
      readonly kind: 'combine'
      readonly code: Code<CombineFn<never, unknown, unknown>>
      readonly reads: readonly string[]
      readonly key: CombineKey
    }
  | {
      readonly kind: 'select'
      readonly ref: Ref
      readonly columns: readonly string[]
    }
  | {
      readonly kind: 'write'
      readonly ref: Ref
      readonly reads: readonly string[]
      readonly columns: readonly string[] | 'all'
      readonly encodes: boolean
    }

/** A transform applied to its inputs. Its name is unique in the pipeline and does not change between runs. */
export interface Node {
  readonly id: number
  readonly name: string
  readonly inputs: readonly CollectionId[]
  /** collections it makes, by tag; `output` is the main one */
  readonly outputs: Readonly<Record<string, CollectionId>>
  readonly operation: Operation
}

/** An element that a DoFn refused, with its reason. */
export interface Dropped<T> extends Refusal {
  readonly element: T
}

/** An element that could not be processed. */
export interface Failed<T> extends Failure {
  readonly element: T
}
