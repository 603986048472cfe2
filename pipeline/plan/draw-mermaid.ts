import type { Pipeline } from '../graph/pipeline.ts'
import { describeNode } from './describe-node.ts'
import { wrap } from './draw-words.ts'
import { type Plan, type PlannedNode, producerOf } from './plan.ts'

const PLACES: Readonly<Record<PlannedNode['place'], string>> = {
  worker: 'worker threads: one fused stage',
  main: 'main thread',
  end: 'end: once all bundles are done',
}

/**
 * A plan as a Mermaid flowchart: one box for each place, one shape for each kind of step, and in it the columns that
 * the step reads. `pipeline` is the graph that the plan was made of: it knows the whole schemas.
 */
export function drawMermaid(plan: Plan, pipeline: Pipeline): string {
  const draw = (node: PlannedNode) => `    ${shape(node, labelOf(node, plan, pipeline))}`
  const boxes = Object.entries(PLACES).flatMap(([place, title]) => {
    const nodes = plan.nodes.filter((node) => node.place === place && node.kind !== 'write')
    if (nodes.length === 0) return []
    return [`  subgraph in_${place}["${title}"]`, ...nodes.map(draw), '  end']
  })
  const sinks = plan.nodes.filter(({ kind }) => kind === 'write')
  const committer =
    sinks.length > 0 ? ['  subgraph in_committer["committer thread"]', ...sinks.map(draw), '  end'] : []
  return ['flowchart TD', ...boxes, ...committer, ...edgesOf(plan)].join('\n')
}

/** What a node takes in, by the headings of its description. */
const TAKES = ['decodes', 'reads', 'encodes', 'columns']
/** Characters of a line in a shape. */
const LABEL_WIDTH = 48

function labelOf(node: PlannedNode, plan: Plan, pipeline: Pipeline): string {
  const takes = describeNode(node, plan, pipeline).details.filter(({ label }) => TAKES.includes(label))
  const lines = takes.flatMap(({ label, words }) => wrap([label, ...words], LABEL_WIDTH))
  return `"${[node.name, ...lines].map(escaped).join('<br/>')}"`
}

/** What Mermaid would take for the end of a text, for one of its entities, or for HTML. */
const ENTITIES: Readonly<Record<string, string>> = { '"': '#quot;', '#': '#35;', '<': '#lt;', '>': '#gt;' }

function escaped(text: string): string {
  return text.replace(/["#<>]/g, (character) => ENTITIES[character]!)
}

function shape(node: PlannedNode, label: string): string {
  switch (node.kind) {
    case 'read':
    case 'create':
      return `${nodeId(node)}[(${label})]`
    case 'step':
      return node.judges === 'no' ? `${nodeId(node)}[${label}]` : `${nodeId(node)}{{${label}}}`
    case 'select':
      return `${nodeId(node)}{${label}}`
    case 'write':
      return `${nodeId(node)}[/${label}/]`
    case 'combine':
      return `${nodeId(node)}([${label}])`
    default:
      return `${nodeId(node)}[${label}]`
  }
}

/** Labelled where the step before has several outputs. */
function edgesOf(plan: Plan): string[] {
  return plan.nodes.flatMap((node) =>
    node.inputs.map((input) => {
      const maker = producerOf(plan, input)
      const outputs = Object.entries(maker.outputs)
      const tag = outputs.find(([, id]) => id === input)![0]
      const arrow = outputs.length > 1 ? `-->|${tag}|` : '-->'
      return `  ${nodeId(maker)} ${arrow} ${nodeId(node)}`
    }),
  )
}

function nodeId({ id }: PlannedNode): string {
  return `step${id}`
}
