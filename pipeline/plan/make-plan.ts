import { PlanError } from '../errors.ts'
import type { CollectionId, Node } from '../graph/node.ts'
import type { Pipeline } from '../graph/pipeline.ts'
import type { Measure } from '../graph/step.ts'
import { checkReads } from './check-reads.ts'
import { checkRecord } from './check-record.ts'
import { checkAfterSelection, checkSelection } from './check-selection.ts'
import { earlyFilters } from './early-filters.ts'
import { forkedInputs } from './forked-inputs.ts'
import type { Place, Plan, PlannedNode } from './plan.ts'
import { columnsAddedBefore, layoutOf, readsOf } from './projection.ts'

export interface PlanOptions {
  readonly measure?: Measure
}

/**
 * Decides where each step runs and what each source reads. Named element-wise steps that follow a source fuse
 * into one stage, which runs in the worker that reads the bundle; a closure stays on the main thread, and so does
 * all that follows it; what follows a Combine waits for the end.
 *
 * Throws PlanError for a graph that can't run as it is drawn.
 */
export function makePlan(pipeline: Pipeline, { measure = 'all' }: PlanOptions = {}): Plan {
  const nodes = pipeline.nodes
  const makers = new Map<CollectionId, Node>()
  for (const node of nodes) for (const id of Object.values(node.outputs)) makers.set(id, node)
  const inputsOf = (node: Node): Node[] => node.inputs.map((id) => makers.get(id)!)

  const selection = onlySelection(nodes)
  const selected = new Set<number>()
  if (selection) selected.add(selection.id)
  const places: Place[] = []
  for (const node of nodes) {
    const inputs = inputsOf(node)
    if (inputs.some((input) => selected.has(input.id)) && node.operation.kind !== 'combine')
      selected.add(node.id)
    const place = placeOf(node, inputs, places)
    places.push(place)
    if (node === selection) checkSelection(nodes, node, place)
    checkRecord(nodes, node, places)
    if (inputs.some((input) => selected.has(input.id))) checkAfterSelection(node, place)
  }

  const forks = forkedInputs(nodes)
  const taken = new Set(nodes.flatMap((node) => node.inputs))

  const planned = nodes.map((node): PlannedNode => {
    const { operation } = node
    const common = {
      id: node.id,
      name: node.name,
      place: places[node.id]!,
      inputs: node.inputs,
      outputs: node.outputs,
      forks: forks[node.id]!,
      reads: readsOf(node),
      selected: inputsOf(node).some((input) => selected.has(input.id)),
    }
    switch (operation.kind) {
      case 'read': {
        checkReads(nodes, node)
        const layout = layoutOf(nodes, node, places)
        const early =
          measure === 'kept' ? earlyFilters(nodes, node, layout.schema) : { filters: [], leaves: [] }
        return { ...common, kind: 'read', ref: operation.ref, layout, early }
      }
      case 'create':
        return { ...common, kind: 'create' }
      case 'step': {
        const { ref, judges } = operation
        return { ...common, kind: 'step', ref, judges, adds: Object.keys(operation.adds) }
      }
      case 'do': {
        const routesFailed = taken.has(node.outputs.failed!)
        return { ...common, kind: 'do', ref: refOf(operation.code), tags: operation.tags, routesFailed }
      }
      case 'flatten':
        return { ...common, kind: 'flatten' }
      case 'outcomes':
        return { ...common, kind: 'outcomes' }
      case 'combine':
        return { ...common, kind: 'combine', ref: refOf(operation.code), key: operation.key }
      case 'select':
        return { ...common, kind: 'select', ref: operation.ref, columns: operation.columns }
      case 'write': {
        const columns = operation.columns === 'all' ? columnsAddedBefore(nodes, node) : operation.columns
        return { ...common, kind: 'write', ref: operation.ref, columns, encodes: operation.encodes }
      }
      default:
        return operation satisfies never
    }
  })

  return {
    pipeline: pipeline.name,
    measure,
    nodes: planned,
    crossings: crossingsOf(planned, makers, places),
    selection: selection?.id ?? null,
  }
}

function placeOf(node: Node, inputs: readonly Node[], places: readonly Place[]): Place {
  const { operation } = node
  if (operation.kind === 'read') return 'worker'
  if (operation.kind === 'create') return 'main'
  const before = inputs.map((input) => (input.operation.kind === 'combine' ? 'end' : places[input.id]!))
  if (before.includes('end')) {
    if (before.some((place) => place !== 'end'))
      throw new PlanError(
        `step '${node.name}' mixes the result of a Combine with collections that are still running`,
      )
    return 'end'
  }
  if (before.includes('main')) return 'main'
  const bound = 'code' in operation && 'inline' in operation.code
  return bound ? 'main' : 'worker'
}

function onlySelection(nodes: readonly Node[]): Node | null {
  const [first, second] = nodes.filter((node) => node.operation.kind === 'select')
  if (second) throw new PlanError(`a pipeline has room for one selection: '${second.name}' is the second`)
  return first ?? null
}

function crossingsOf(
  nodes: readonly PlannedNode[],
  makers: ReadonlyMap<CollectionId, Node>,
  places: readonly Place[],
): CollectionId[] {
  const crossing = new Set<CollectionId>()
  for (const node of nodes)
    if (node.place === 'main')
      for (const input of node.inputs) if (places[makers.get(input)!.id] === 'worker') crossing.add(input)
  return [...crossing]
}

function refOf<T>(code: { ref: T } | { inline: unknown }): T | null {
  return 'ref' in code ? code.ref : null
}
