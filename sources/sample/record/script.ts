/** What an attempt asks of its tools. A harness decides how the call is written down. */
export type Call =
  | { readonly kind: 'bash'; readonly command: string }
  | { readonly kind: 'view'; readonly path: string; readonly lines?: readonly [first: number, last: number] }
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  | { readonly kind: 'replace'; readonly path: string; readonly before: string; readonly after: string }
  | { readonly kind: 'think'; readonly thought: string }
  /** Arguments as the model wrote them, which need not be JSON. */
  | { readonly kind: 'raw'; readonly tool: string; readonly arguments: string }
  /** Hands the work in. */
  | { readonly kind: 'finish'; readonly message: string }
  /** The turn limit: the harness, not the model, ends the run here. */
  | { readonly kind: 'cut-off' }

/** One assistant message: what is said, then no, one or several parallel calls. */
export interface Turn {
  readonly prose: string
  readonly calls: readonly Call[]
}

interface Block extends Turn {
  /** The harness that alone takes this turn. */
  readonly only?: string
  readonly times: number
}

/**
 * An attempt as written in a bug's archive. Blank lines separate turns; in a turn, prose comes first and
 * every call after it is made in parallel.
 *
 *     Prose, one or more lines.
 *     ~ The same said differently: recordings of one attempt take the wordings in turn.
 *     ?openhands        only that harness takes the turn
 *     x4                the turn is taken four times
 *     $ command         one shell line; several stand between two lines of $$
 *     @view path [first last]
 *     @create path      then <<<<, the text, >>>>
 *     @edit path        then <<<<, the text before, ====, the text after, >>>>
 *     @think thought
 *     @raw tool arguments
 *     @finish message
 *     @cut-off
 */
export class Script {
  readonly #blocks: readonly (Block & { readonly wordings: readonly string[] })[]

  constructor(text: string) {
    const lines = new Lines(text)
    const blocks: (Block & { wordings: string[] })[] = []
    while (lines.skipBlank()) blocks.push(readBlock(lines))
    this.#blocks = blocks
  }

  /** The turns of recording number `take`, counted from 0, under a harness. */
  turns(harness: string, take: number): Turn[] {
    return this.#blocks
      .filter(({ only }) => only === undefined || only === harness)
      .flatMap(({ wordings, calls, times }) => {
        const prose = wordings[take % wordings.length] ?? ''
        return Array.from({ length: times }, () => ({ prose, calls }))
      })
  }
}

/** The replacements of a `fix`: a script of nothing but edits. */
export function readEdits(text: string): Extract<Call, { kind: 'replace' | 'create' }>[] {
  return new Script(text)
    .turns('', 0)
    .flatMap(({ calls }) => calls)
    .map((call) => {
      if (call.kind !== 'replace' && call.kind !== 'create') throw new Error(`a fix only edits: ${call.kind}`)
      return call
    })
}

class Lines {
  readonly #lines: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#lines = text.split('\n')
  }

  get current(): string | undefined {
    return this.#lines[this.#at]
  }

  next(): string {
    const line = this.#lines[this.#at++]
    if (line === undefined) throw new Error('script: it ends inside a block')
    return line
  }

  skipBlank(): boolean {
    while (this.current !== undefined && this.current.trim() === '') this.#at++
    return this.current !== undefined
  }

  /** The lines up to the mark, which is consumed; each ends with a line feed. */
  until(mark: string): string {
    let text = ''
    for (let line = this.next(); line !== mark; line = this.next()) text += `${line}\n`
    return text
  }

  expect(mark: string): void {
    const line = this.next()
    if (line !== mark) throw new Error(`script: expected ${mark}, found ${line}`)
  }
}

function readBlock(lines: Lines): Block & { wordings: string[] } {
  const wordings: string[] = []
  const calls: Call[] = []
  let only: string | undefined
  let times = 1
  while (lines.current !== undefined && lines.current.trim() !== '') {
    const line = lines.next()
    const call = readCall(line, lines)
    if (call) calls.push(call)
    else if (/^\?[a-z]+$/.test(line)) only = line.slice(1)
    else if (/^x\d+$/.test(line)) times = Number(line.slice(1))
    else if (line.startsWith('~ ') || wordings.length === 0) wordings.push(line.replace(/^~ /, ''))
    else wordings.push(`${wordings.pop()}\n${line}`)
  }
  return { prose: '', wordings, calls, times, ...(only === undefined ? {} : { only }) }
}

function readCall(line: string, lines: Lines): Call | undefined {
  if (line === '$$') return { kind: 'bash', command: lines.until('$$').trimEnd() }
  if (line.startsWith('$ ')) return { kind: 'bash', command: line.slice(2) }
  const [, verb, rest = ''] = line.match(/^@([a-z-]+) ?(.*)$/) ?? []
  switch (verb) {
    case 'view': {
      const [path = '', first, last] = rest.split(' ')
      return first && last
        ? { kind: 'view', path, lines: [Number(first), Number(last)] }
        : { kind: 'view', path }
    }
    case 'create':
      lines.expect('<<<<')
      return { kind: 'create', path: rest, text: lines.until('>>>>') }
    case 'edit': {
      lines.expect('<<<<')
      const before = lines.until('====')
      return { kind: 'replace', path: rest, before, after: lines.until('>>>>') }
    }
    case 'think':
      return { kind: 'think', thought: rest }
    case 'raw': {
      const space = rest.indexOf(' ')
      return { kind: 'raw', tool: rest.slice(0, space), arguments: rest.slice(space + 1) }
    }
    case 'finish':
      return { kind: 'finish', message: rest }
    case 'cut-off':
      return { kind: 'cut-off' }
    default:
      return undefined
  }
}
