import type { Pipeline } from '../graph/pipeline.ts'
import { describeNode, type Words } from './describe-node.ts'
import { wrap } from './draw-words.ts'
import { type Plan, type PlannedNode, producerOf } from './plan.ts'

export interface DrawOptions {
  /** columns that a line may take */
  readonly width: number
}

/**
 * A plan as text for a terminal: which step runs where, what it reads and adds, and what of the source is decoded.
 * `pipeline` is the graph that the plan was made of: it knows the whole schemas.
 */
export function drawPlan(plan: Plan, pipeline: Pipeline, { width }: DrawOptions): string {
  const at = (place: PlannedNode['place']) => plan.nodes.filter((node) => node.place === place)
  const measure =
    plan.measure === 'all'
      ? 'every readable row is measured, whatever a filter says of it'
      : 'a row is measured until a filter refuses it'
  const parts = [
    [`${plan.pipeline}`, `measure ${plan.measure}: ${measure}`],
    drawSteps('Worker threads: one fused stage, a bundle at a time', at('worker'), { plan, pipeline, width }),
    drawWork('Committer thread: bundles in the order of the source', committerWork(plan), width),
    drawSteps('Main thread: moves bundles, and runs the steps that hold closures', at('main'), {
      plan,
      pipeline,
      width,
    }),
    drawWork('End: once all bundles are done', endWork(plan), width),
    drawSteps('At the end, on what was combined', at('end'), { plan, pipeline, width }),
  ]
  return parts
    .filter((lines) => lines.length > 1)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** What a node takes: the step before, and of steps with several outputs which one. */
function inputsOf(plan: Plan, node: PlannedNode): string[] {
  return node.inputs.map((input) => {
    const maker = producerOf(plan, input)
    const outputs = Object.entries(maker.outputs)
    const tag = outputs.find(([, id]) => id === input)![0]
    return outputs.length > 1 ? `${maker.name}.${tag}` : maker.name
  })
}

interface Drawing extends DrawOptions {
  readonly plan: Plan
  readonly pipeline: Pipeline
}

function drawSteps(
  title: string,
  nodes: readonly PlannedNode[],
  { plan, pipeline, width }: Drawing,
): string[] {
  const nameWidth = Math.max(0, ...nodes.map(({ name }) => name.length))
  const lines = nodes.flatMap((node, index) => {
    const { what, details } = describeNode(node, plan, pipeline)
    const before = nodes[index - 1]
    const inputs = inputsOf(plan, node)
    const follows = inputs.length === 1 && inputs[0] === before?.name
    const from = inputs.length === 0 || follows ? '' : `  ← ${inputs.join(', ')}`
    return [`  ${node.name.padEnd(nameWidth)}  ${what}${from}`, ...drawWords(details, width)]
  })
  return [title, ...lines]
}

function drawWork(title: string, work: readonly Words[], width: number): string[] {
  return [
    title,
    ...drawWords(
      work.filter(({ words }) => words.length > 0),
      width,
    ),
  ]
}

function committerWork(plan: Plan): Words[] {
  const sinks = plan.nodes.filter((node) => node.kind === 'write')
  const gathers = plan.nodes.filter(({ kind, selected }) => kind === 'combine' && selected)
  const chooses = plan.nodes.filter(({ kind }) => kind === 'select')
  return [
    {
      label: 'chooses',
      words: chooses.flatMap(({ name }) =>
        `${name}, when all bundles are in; until then the encoded rows wait on disk`.split(' '),
      ),
    },
    { label: 'joins', words: sinks.filter(({ encodes }) => encodes).map(({ name }) => name) },
    { label: 'writes', words: sinks.filter(({ encodes }) => !encodes).map(({ name }) => name) },
    { label: 'gathers', words: gathers.map(({ name }) => name) },
  ]
}

function endWork(plan: Plan): Words[] {
  const results = plan.nodes.filter(({ kind }) => kind === 'combine')
  return [{ label: 'results', words: results.map(({ name }) => name) }]
}

function drawWords(details: readonly Words[], width: number): string[] {
  const labelWidth = Math.max(0, ...details.map(({ label }) => label.length))
  const indent = 6
  return details.flatMap(({ label, words }) =>
    wrap(words, width - indent - labelWidth - 2).map(
      (line, index) => `${' '.repeat(indent)}${(index === 0 ? label : '').padEnd(labelWidth)}  ${line}`,
    ),
  )
}
