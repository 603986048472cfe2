import {
  afterBackticks,
  afterSubstitution,
  closingQuote,
  orEnd,
  substituted,
  substitutionsWithin,
} from './shell-nesting.ts'

/** One simple command of a shell text: a program with its words. */
export interface SimpleCommand {
  /** assignments, program and arguments, without their quotes */
  readonly words: readonly string[]
  /** files that its output is redirected into */
  readonly writesTo: readonly string[]
  /** the here-document or here-string given to it */
  readonly input: string | null
  /** the shell text of each substitution in it: `$(…)`, backticks, `<(…)`; not of those in a here-document */
  readonly substitutions: readonly string[]
  /** what stands between it and the next command */
  readonly joint: Joint
}

/** `;` also stands for line breaks, `&`, parentheses and the end. */
export type Joint = ';' | '&&' | '||' | '|'

/**
 * The simple commands of a shell text, in order: quotes, escapes, comments, here-documents, redirections and
 * `&& || ; | &` are understood. Substitutions (`$(…)`, backticks) stay inside their word and are listed beside it,
 * unread; groups, subshells and the words of loops are not structure here: `do`, `then`, `{` stay the first word.
 * Whatever is left open ends with the text. One pass.
 */
export function shellCommands(text: string): SimpleCommand[] {
  const reader = new ShellReader(text)
  reader.read()
  return reader.commands
}

/** A command being read. */
interface OpenCommand {
  readonly words: string[]
  readonly writesTo: string[]
  input: string | null
  readonly substitutions: string[]
  joint: Joint
}

interface HereDocument {
  readonly command: OpenCommand
  readonly delimiter: string
  readonly stripTabs: boolean
}

/** What the word being read is for. */
type Purpose = 'word' | 'output' | 'ignored' | 'here_string' | 'here_document' | 'here_document_tabs'

/** By ASCII code: 1 for what stands for itself in a word. */
const IS_PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[^\s"'`$\\;&|()<>#]/.test(String.fromCharCode(code)) ? 1 : 0,
)
const WHITE_SPACE = /\s/

function isPlain(code: number): boolean {
  return code < 128 ? IS_PLAIN[code] === 1 : !WHITE_SPACE.test(String.fromCharCode(code))
}

class ShellReader {
  readonly commands: OpenCommand[] = []
  readonly #text: string
  #at = 0
  #command: OpenCommand = newCommand()
  /** null between words; an empty string is a word too (`''`) */
  #word: string | null = null
  #purpose: Purpose = 'word'
  #hereDocuments: HereDocument[] = []

  constructor(text: string) {
    this.#text = text
  }

  read(): void {
    while (this.#at < this.#text.length) this.#step()
    this.#endCommand(';')
  }

  #step(): void {
    const text = this.#text
    const start = this.#at
    let end = start
    while (end < text.length && isPlain(text.charCodeAt(end))) end++
    if (end > start) {
      this.#append(text.slice(start, end), end)
      return
    }
    const character = text[start]!
    switch (character) {
      case ' ':
        this.#at++
        this.#endWord()
        return
      case '\n':
        this.#at++
        this.#endCommand(';')
        this.#readHereDocuments()
        return
      case ';':
      case '(':
      case ')':
        this.#at++
        this.#endCommand(';')
        return
      case '|':
      case '&':
        this.#readJoint(character)
        return
      case '<':
      case '>':
        this.#readRedirection(character)
        return
      case '#':
        if (this.#word === null) this.#at = orEnd(text.indexOf('\n', this.#at), text)
        else this.#append('#', this.#at + 1)
        return
      case '\\':
        if (text[this.#at + 1] === '\n') this.#at += 2
        else this.#append(text.slice(this.#at + 1, this.#at + 2), this.#at + 2)
        return
      case "'":
        this.#readQuoted(orEnd(text.indexOf("'", this.#at + 1), text))
        return
      case '"': {
        const end = closingQuote(text, this.#at)
        const inside = text.slice(this.#at + 1, end)
        for (const substitution of substitutionsWithin(inside)) this.#command.substitutions.push(substitution)
        this.#append(inside.includes('\\') ? inside.replace(/\\(["\\$`])/g, '$1') : inside, end + 1)
        return
      }
      case '`':
        this.#readSubstitution(this.#at, afterBackticks(text, this.#at))
        return
      case '$':
        this.#readDollar()
        return
    }
    this.#at++
    this.#endWord()
  }

  #append(piece: string, next = this.#at + piece.length): void {
    this.#word = this.#word === null ? piece : this.#word + piece
    this.#at = next
  }

  #readQuoted(end: number): void {
    this.#append(this.#text.slice(this.#at + 1, end), end + 1)
  }

  #readDollar(): void {
    const next = this.#text[this.#at + 1]
    const open = this.#at + 1
    if (next === '(') this.#readSubstitution(open, afterSubstitution(this.#text, open))
    else if (next === '{') this.#append(this.#text.slice(this.#at, afterSubstitution(this.#text, open)))
    else if (next === "'" || next === '"') this.#at++
    else this.#append('$')
  }

  /** From here to `after`, whose bracket or backtick stands at `open`. */
  #readSubstitution(open: number, after: number): void {
    const inner = substituted(this.#text, open, after)
    if (inner !== '') this.#command.substitutions.push(inner)
    this.#append(this.#text.slice(this.#at, after), after)
  }

  #readJoint(character: '|' | '&'): void {
    const next = this.#text[this.#at + 1]
    if (character === '&' && next === '>') {
      this.#at++
      this.#readRedirection('>')
      return
    }
    this.#at += next === character || (character === '|' && next === '&') ? 2 : 1
    if (next === character) this.#endCommand(character === '|' ? '||' : '&&')
    else this.#endCommand(character === '|' ? '|' : ';')
  }

  #readRedirection(character: '<' | '>'): void {
    const text = this.#text
    const descriptor = this.#word !== null && /^\d$/.test(this.#word) ? this.#word : null
    if (descriptor !== null) this.#word = null
    this.#endWord()
    const start = this.#at
    let end = start
    while (end - start < 3 && text[end] === character) end++
    const operator = text.slice(start, end)
    const next = text[end]
    if (next === '(' && operator.length === 1) {
      this.#readSubstitution(end, afterSubstitution(text, end))
      return
    }
    if (operator === '<<<') this.#purpose = 'here_string'
    else if (operator === '<<') this.#purpose = next === '-' ? 'here_document_tabs' : 'here_document'
    else if (operator === '<') this.#purpose = 'ignored'
    else this.#purpose = descriptor === '2' ? 'ignored' : 'output'
    const duplicates = next === '&'
    this.#at = end + (duplicates || next === '|' || (operator === '<<' && next === '-') ? 1 : 0)
    if (duplicates && /[\d-]/.test(text[this.#at] ?? '')) this.#purpose = 'ignored'
  }

  #endWord(): void {
    const word = this.#word
    if (word === null) return
    this.#word = null
    switch (this.#purpose) {
      case 'word':
        this.#command.words.push(word)
        break
      case 'output':
        this.#command.writesTo.push(word)
        break
      case 'here_string':
        this.#command.input = word
        break
      case 'here_document':
      case 'here_document_tabs':
        this.#hereDocuments.push({
          command: this.#command,
          delimiter: word,
          stripTabs: this.#purpose === 'here_document_tabs',
        })
        break
      case 'ignored':
        break
      default:
        this.#purpose satisfies never
    }
    this.#purpose = 'word'
  }

  #endCommand(joint: Joint): void {
    this.#endWord()
    this.#purpose = 'word'
    const command = this.#command
    if (command.words.length === 0 && command.writesTo.length === 0) return
    command.joint = joint
    this.commands.push(command)
    this.#command = newCommand()
  }

  #readHereDocuments(): void {
    for (const { command, delimiter, stripTabs } of this.#hereDocuments) {
      const { body, next } = readHereDocument(this.#text, this.#at, delimiter, stripTabs)
      command.input = body
      this.#at = next
    }
    this.#hereDocuments = []
  }
}

function newCommand(): OpenCommand {
  return { words: [], writesTo: [], input: null, substitutions: [], joint: ';' }
}

/** The body of a here-document that starts at `from`, up to the line that is its delimiter, or to the end. */
function readHereDocument(
  text: string,
  from: number,
  delimiter: string,
  stripTabs: boolean,
): { body: string; next: number } {
  let line = from
  while (line < text.length) {
    const end = orEnd(text.indexOf('\n', line), text)
    // Only a line of about the delimiter's length is cut out and compared.
    if (stripTabs || end - line <= delimiter.length + 1) {
      const words = text.slice(line, end)
      if ((stripTabs ? words.replace(/^\t+/, '') : words).replace(/\r$/, '') === delimiter)
        return { body: text.slice(from, line), next: Math.min(end + 1, text.length) }
    }
    line = end + 1
  }
  return { body: text.slice(from), next: text.length }
}
