import type { Plan, PlannedNode } from './plan.ts'
import { producerOf } from './plan.ts'

const PLACES: Readonly<Record<PlannedNode['place'], string>> = {
  worker: 'worker threads: one fused stage',
  main: 'main thread',
  end: 'end: once all bundles are done',
}

/** A plan as a Mermaid flowchart: one box for each place, one shape for each kind of step. */
export function drawMermaid(plan: Plan): string {
  const boxes = Object.entries(PLACES).flatMap(([place, title]) => {
    const nodes = plan.nodes.filter((node) => node.place === place && node.kind !== 'write')
    if (nodes.length === 0) return []
    return [`  subgraph in_${place}["${title}"]`, ...nodes.map((node) => `    ${shape(node)}`), '  end']
  })
  const sinks = plan.nodes.filter(({ kind }) => kind === 'write')
  const committer =
    sinks.length > 0
      ? ['  subgraph in_committer["committer thread"]', ...sinks.map((node) => `    ${shape(node)}`), '  end']
      : []
  return ['flowchart TD', ...boxes, ...committer, ...edgesOf(plan)].join('\n')
}

function shape(node: PlannedNode): string {
  const label = `"${node.name.replaceAll('"', '#quot;')}"`
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
