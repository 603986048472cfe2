import { leafPaths } from '../batch/schema.ts'
import type { Pipeline } from '../graph/pipeline.ts'
import type { NodeOf, Plan, PlannedNode } from './plan.ts'

/** Words under a heading. */
export interface Words {
  readonly label: string
  readonly words: readonly string[]
}

/** A step in a few words: what it does in its place, what it reads and adds. */
export function describeNode(
  node: PlannedNode,
  plan: Plan,
  pipeline: Pipeline,
): { readonly what: string; readonly details: readonly Words[] } {
  const details = detailsOf(node, pipeline).filter(({ words }) => words.length > 0)
  return { what: kindOf(node, plan), details }
}

function detailsOf(node: PlannedNode, pipeline: Pipeline): Words[] {
  switch (node.kind) {
    case 'read':
      return sourceDetails(node, pipeline)
    case 'write':
      return [
        { label: 'encodes', words: nested(node.reads.filter((path) => !node.columns.includes(path))) },
        { label: 'columns', words: shortened(node.columns) },
      ]
    case 'step':
      return [
        { label: 'reads', words: nested(node.reads) },
        { label: 'adds', words: node.adds },
      ]
    default:
      return [{ label: 'reads', words: nested(node.reads) }]
  }
}

/** What a source decodes, what it leaves alone, and what it reads before anything else. */
function sourceDetails(node: NodeOf<'read'>, pipeline: Pipeline): Words[] {
  const { operation } = pipeline.nodes[node.id]!
  const decoded = leafPaths(node.layout.schema).map(({ path }) => path)
  const schema = operation.kind === 'read' ? operation.schema : null
  if (!schema) return []
  const skipped = leafPaths(schema)
    .map(({ path }) => path)
    .filter((path) => !decoded.includes(path))
  return [
    { label: 'decodes', words: nested(decoded) },
    { label: 'skips', words: skipped.length > 0 ? nested(skipped) : ['nothing'] },
    { label: 'first', words: nested(node.early.leaves) },
  ]
}

function kindOf(node: PlannedNode, plan: Plan): string {
  switch (node.kind) {
    case 'read':
      return node.early.leaves.length > 0
        ? 'source; filters see its first leaves before the rest is read'
        : 'source'
    case 'create':
      return 'values of the program'
    case 'step': {
      if (node.judges === 'no') return 'measures'
      const early = plan.nodes.some((read) => read.kind === 'read' && read.early.filters.includes(node.id))
      return early ? 'filter, asked before the rest of the row is read' : 'filter'
    }
    case 'do':
      return node.ref ? 'DoFn' : 'closure'
    case 'flatten':
      return 'joins its inputs'
    case 'outcomes':
      return 'tells kept, dropped and failed rows apart'
    case 'combine':
      return typeof node.key === 'object' ? `combines by ${node.key.column}` : 'combines'
    case 'select':
      return 'selection: gathers what it needs to choose'
    case 'write':
      return 'sink'
    default:
      return node satisfies never
  }
}

/** Longer lists of columns are shown by their ends. */
const COLUMNS_TO_LIST = 16

function shortened(columns: readonly string[]): readonly string[] {
  if (columns.length <= COLUMNS_TO_LIST) return columns
  return [`${columns.length}:`, ...columns.slice(0, 4), '…', ...columns.slice(-4)]
}

interface Branches {
  [name: string]: Branches
}

/** Dotted paths with what they share said once: `messages{role tool_calls{id type}}`. */
function nested(paths: readonly string[]): string[] {
  const root: Branches = {}
  const whole = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)))
  for (const path of whole) {
    let branch = root
    for (const part of path.split('.')) {
      branch[part] ??= {}
      branch = branch[part]
    }
  }
  return wordsOf(root).split(' ').filter(Boolean)
}

function wordsOf(branches: Branches): string {
  return Object.entries(branches)
    .map(([name, inner]) => (Object.keys(inner).length === 0 ? name : `${name}{${wordsOf(inner)}}`))
    .join(' ')
}
