import { isMap, isNode, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml'
import type { ValuePath } from './schema-problems.ts'

/** A place in a text, from 1, and how many of its characters on that line it takes. */
export interface TextSpan {
  readonly line: number
  readonly column: number
  readonly length: number
}

/** Something that keeps a text from being YAML. */
export interface SyntaxProblem {
  readonly span: TextSpan
  readonly message: string
}

/** A YAML text, what it says, and where it says it. */
export interface YamlText {
  /** null when there are problems, or nothing in it */
  readonly value: unknown
  readonly problems: readonly SyntaxProblem[]
  /** The place of a key or a value; of something that isn't there, the place of the nearest that is. */
  find(path: ValuePath, at: 'key' | 'value'): TextSpan
  line(number: number): string
}

/** Reads one YAML document. Throws nothing: what is wrong is in `problems`. */
export function parseYaml(text: string): YamlText {
  const lines = text.split(/\r\n|\r|\n/)
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, stringKeys: true })
  const spanOf = (from: number, to: number): TextSpan => {
    const { line, col: column } = counter.linePos(from)
    const rest = (lines[line - 1] ?? '').length - column + 1
    return { line, column, length: Math.max(1, Math.min(to - from, rest)) }
  }
  const problems = document.errors.map((error) => ({
    span: spanOf(...error.pos),
    message: wordsOf(error),
  }))
  let value: unknown = null
  if (problems.length === 0)
    try {
      value = document.toJS()
    } catch (error) {
      problems.push({ span: spanOf(0, 1), message: (error as Error).message })
    }
  return {
    value,
    problems,
    find: (path, at) => {
      const [from, to] = rangeOf(document.contents, path, at)
      return spanOf(from, to)
    },
    line: (number) => lines[number - 1] ?? '',
  }
}

type TextRange = readonly [from: number, to: number]

function rangeOf(root: Node | null, path: ValuePath, at: 'key' | 'value'): TextRange {
  let range = startOf(root)
  let node: unknown = root
  for (const [depth, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isNode(key) && String(key) === String(part))
      if (!pair) return range
      const last = depth === path.length - 1
      range = rangeOfNode((last && at === 'key') || !isNode(pair.value) ? pair.key : pair.value) ?? range
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      range = rangeOfNode(node) ?? range
    } else return range
  }
  return range
}

/** Of a whole mapping or list, its beginning is enough. */
function startOf(node: Node | null): TextRange {
  const start = node?.range?.[0] ?? 0
  return [start, start + 1]
}

function rangeOfNode(node: unknown): TextRange | null {
  if (!isNode(node) || !node.range) return null
  const [from, to] = node.range
  return isMap(node) || isSeq(node) ? [from, from + 1] : [from, to]
}

function wordsOf({ code, message }: YAMLError): string {
  if (code === 'DUPLICATE_KEY') return 'this key is there already'
  if (code === 'MULTIPLE_DOCS') return 'a recipe is one YAML document, and here a second one begins'
  if (code === 'TAB_AS_INDENT') return 'YAML is indented with spaces, not with tabs'
  return `no valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}
