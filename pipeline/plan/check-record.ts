import { PlanError } from '../errors.ts'
import type { CollectionId, Node } from '../graph/node.ts'
import type { Place } from './plan.ts'

/**
 * Rows cross to the main thread as plain elements: what became of them, and those that a step or the source refused, stay
 * in the worker. For what a closure makes of them that is all there is to know; only a flatten hands rows on as rows.
 * Throws PlanError where a record would lack them: at an `outcomes` behind such a flatten, and at one that is given rows
 * by their outcome.
 */
export function checkRecord(nodes: readonly Node[], node: Node, places: readonly Place[]): void {
  if (places[node.id] !== 'main') return
  if (node.operation.kind === 'flatten') checkViews(nodes, node, places)
  if (node.operation.kind === 'outcomes') checkRefused(nodes, node, places)
}

/** Kept rows need no record, and failed ones are their record. */
const VIEWS_OF_MARKS = ['every', 'measured', 'dropped']

function checkViews(nodes: readonly Node[], flatten: Node, places: readonly Place[]): void {
  for (const input of flatten.inputs) {
    const maker = makerOf(nodes, input)
    if (maker.operation.kind !== 'outcomes' || places[maker.id] !== 'worker') continue
    const view = VIEWS_OF_MARKS.find((tag) => maker.outputs[tag] === input)
    if (view !== undefined)
      throw new PlanError(
        `'${flatten.name}' takes '${maker.name}.${view}' where its rows cross to the main thread without their outcome: ` +
          'write them as they are, or make elements of your own of them with a map first',
      )
  }
}

function checkRefused(nodes: readonly Node[], outcomes: Node, places: readonly Place[]): void {
  const visit = (node: Node): void => {
    for (const input of node.inputs) {
      const maker = makerOf(nodes, input)
      // A DoFn hides nothing of what it emits; what was told apart before has its record.
      if (maker.operation.kind === 'do' || maker.operation.kind === 'outcomes') continue
      if (places[maker.id] === 'worker')
        throw new PlanError(
          `'${outcomes.name}' follows '${node.name}', where rows cross to the main thread without those that '${maker.name}' ` +
            `or a step before it refused: apply outcomes to '${maker.name}', and '${node.name}' to what is kept`,
        )
      visit(maker)
    }
  }
  visit(outcomes)
}

function makerOf(nodes: readonly Node[], collection: CollectionId): Node {
  return nodes.find(({ outputs }) => Object.values(outputs).includes(collection))!
}
