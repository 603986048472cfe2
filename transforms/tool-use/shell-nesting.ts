/** Where quotes and substitutions of a shell text end, and what stands in them. All linear, however deep it nests. */

/** Where the double quote opened at `open` closes; the end of the text where it doesn't. */
export function closingQuote(text: string, open: number): number {
  let at = open + 1
  while (at < text.length) {
    const character = text[at]
    if (character === '"') return at
    if (character === '\\') at += 2
    else if (character === '$' && text[at + 1] === '(') at = afterSubstitution(text, at + 1)
    else at++
  }
  return text.length
}

/** The position after the bracket that closes the one at `open`, through nested quotes and brackets. */
export function afterSubstitution(text: string, open: number): number {
  // What still has to close, innermost last: a stack instead of recursion, because nesting is the input's choice.
  const closers = [text[open] === '{' ? '}' : ')']
  let at = open + 1
  while (at < text.length) {
    const character = text[at]!
    const closer = closers.at(-1)
    if (character === '\\') at++
    else if (character === closer) {
      closers.pop()
      if (closers.length === 0) return at + 1
    } else if (character === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) {
      closers.push(text[++at] === '{' ? '}' : ')')
    } else if (closer !== '"') {
      if (character === '"') closers.push('"')
      else if (character === '(') closers.push(')')
      else if (character === "'") at = orEnd(text.indexOf("'", at + 1), text)
    }
    at++
  }
  return text.length
}

/** The position after the backtick that closes the one at `open`. */
export function afterBackticks(text: string, open: number): number {
  return orEnd(text.indexOf('`', open + 1), text) + 1
}

/** The shell text of the substitution from its opening bracket or backtick to `after`; '' where it is arithmetic. */
export function substituted(text: string, open: number, after: number): string {
  if (text.startsWith('((', open)) return ''
  const isClosed = after - 1 > open && text[after - 1] === (text[open] === '`' ? '`' : ')')
  return text.slice(open + 1, isClosed ? after - 1 : after)
}

/** The shell texts of the substitutions in the inside of double quotes. */
export function substitutionsWithin(quoted: string): readonly string[] {
  const found: string[] = []
  // Most quotes hold none, which a search for the two marks tells fastest.
  if (!quoted.includes('$(') && !quoted.includes('`')) return found
  let at = 0
  while (at < quoted.length) {
    const character = quoted[at]
    const opens = character === '`' ? at : character === '$' && quoted[at + 1] === '(' ? at + 1 : -1
    if (opens < 0) {
      at += character === '\\' ? 2 : 1
      continue
    }
    at = character === '`' ? afterBackticks(quoted, opens) : afterSubstitution(quoted, opens)
    const inner = substituted(quoted, opens, at)
    if (inner !== '') found.push(inner)
  }
  return found
}

/** A place that `indexOf` found; the text's end where it found none. */
export function orEnd(found: number, text: string): number {
  return found < 0 ? text.length : found
}
