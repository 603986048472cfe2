import { PlanError } from '../errors.ts'
import type { CollectionId, Node, Operation } from './node.ts'

/**
 * A transform: any function from what it takes to what it makes. Composites are plain functions that apply
 * other transforms.
 */
export type PTransform<In, Out> = (input: In) => Out

/**
 * A collection of elements that a step will make. It holds no data: building a graph runs nothing.
 *
 * On collections of rows, filters mark rows rather than take them out; a step or DoFn that follows sees the rows
 * no filter refused, and `outcomes()` tells the others apart.
 */
export class PCollection<out T> {
  readonly pipeline: Pipeline
  readonly id: CollectionId
  /** phantom: makes the element type part of the collection's type */
  declare protected readonly element: T

  constructor(pipeline: Pipeline, id: CollectionId) {
    this.pipeline = pipeline
    this.id = id
  }

  /** Applies a transform; a name given here prefixes the names of the steps that the transform adds. */
  apply<Out>(transform: PTransform<this, Out>): Out
  apply<Out>(name: string, transform: PTransform<this, Out>): Out
  apply<Out>(...args: [PTransform<this, Out>] | [string, PTransform<this, Out>]): Out {
    if (args.length === 1) return args[0](this)
    return this.pipeline.scoped(args[0], () => args[1](this))
  }
}

/** The graph of a dataflow. Sources are applied to it, other transforms to the collections that come out. */
export class Pipeline {
  readonly name: string
  readonly #nodes: Node[] = []
  readonly #names = new Set<string>()
  readonly #scope: string[] = []
  #collections = 0

  constructor(name = 'pipeline') {
    this.name = name
  }

  /** In the order they were applied, which is a topological order. */
  get nodes(): readonly Node[] {
    return this.#nodes
  }

  apply<Out>(transform: PTransform<Pipeline, Out>): Out
  apply<Out>(name: string, transform: PTransform<Pipeline, Out>): Out
  apply<Out>(...args: [PTransform<Pipeline, Out>] | [string, PTransform<Pipeline, Out>]): Out {
    if (args.length === 1) return args[0](this)
    return this.scoped(args[0], () => args[1](this))
  }

  /** Runs `build` with a prefix for the names of the nodes it adds. */
  scoped<Out>(name: string, build: () => Out): Out {
    this.#scope.push(name)
    try {
      return build()
    } finally {
      this.#scope.pop()
    }
  }

  /** Adds a node with one new collection for each tag. For the engine's own transforms. */
  add<Tag extends string>(
    name: string,
    operation: Operation,
    inputs: readonly PCollection<unknown>[],
    tags: readonly Tag[],
  ): Record<Tag, PCollection<never>> {
    for (const input of inputs)
      if (input.pipeline !== this)
        throw new PlanError(
          `step '${name}' takes a collection of another pipeline ('${input.pipeline.name}')`,
        )
    const outputs: Record<string, CollectionId> = {}
    const made = {} as Record<Tag, PCollection<never>>
    for (const tag of tags) {
      outputs[tag] = this.#collections++
      made[tag] = new PCollection<never>(this, outputs[tag])
    }
    this.#nodes.push({
      id: this.#nodes.length,
      name: this.#unique([...this.#scope, name].join('/')),
      inputs: inputs.map((input) => input.id),
      outputs,
      operation,
    })
    return made
  }

  /** The second step of a name gets `-2`: the names depend on the order of building alone. */
  #unique(name: string): string {
    let unique = name
    for (let use = 2; this.#names.has(unique); use++) unique = `${name}-${use}`
    this.#names.add(unique)
    return unique
  }
}
