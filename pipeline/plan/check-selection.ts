import { PlanError } from '../errors.ts'
import type { CollectionId, Node } from '../graph/node.ts'
import { ancestorsOf } from './ancestors.ts'
import type { Place } from './plan.ts'

/**
 * A selection names the rows it chose by their position in the source: every element before it must be a row, and every
 * row one element.
 */
export function checkSelection(nodes: readonly Node[], node: Node, place: Place): void {
  if (place !== 'worker')
    throw new PlanError(
      `selection '${node.name}' must follow named steps alone: a closure before it has moved the rows to the main thread`,
    )
  const before = ancestorsOf(nodes, node)
  const maker = before.find(({ operation }) => operation.kind === 'do')
  if (maker)
    throw new PlanError(
      `selection '${node.name}' chooses rows of a source, and '${maker.name}' before it makes other elements of them: ` +
        'apply the selection first, or measure with defineTransform',
    )
  const joins = before.find((each) => each.operation.kind === 'flatten' && joinsOneSource(nodes, each))
  if (joins)
    throw new PlanError(
      `selection '${node.name}' chooses rows of a source, and '${joins.name}' before it joins several branches of one: ` +
        'apply the selection before they part',
    )
}

function joinsOneSource(nodes: readonly Node[], { inputs }: Node): boolean {
  const sources = inputs.flatMap((input) => sourcesOf(nodes, input))
  return new Set(sources).size < sources.length
}

function sourcesOf(nodes: readonly Node[], collection: CollectionId): Node[] {
  const maker = nodes.find(({ outputs }) => Object.values(outputs).includes(collection))!
  return [maker, ...ancestorsOf(nodes, maker)].filter(({ operation }) => operation.kind === 'read')
}

/** What a selection has decided can be counted and written, but not be transformed any more. */
export function checkAfterSelection(node: Node, place: Place): void {
  const { operation } = node
  if (operation.kind === 'step' && operation.judges === 'no') return
  if (operation.kind === 'outcomes' || operation.kind === 'write') return
  if (operation.kind === 'combine' && place === 'worker') return
  if (operation.kind === 'select') return
  const what = operation.kind === 'step' ? `filter '${node.name}'` : `step '${node.name}'`
  throw new PlanError(
    `${what} follows a selection, whose rows are known only at the end: apply it before the selection` +
      (operation.kind === 'combine' ? ', or name the CombineFn with defineCombine' : ''),
  )
}
