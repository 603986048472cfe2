/** What shows as nothing, turns the direction of writing, or ends a line: a reader would take the text for another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A text of data on one line, with what is unseen spelt out, as `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

/** A text of data as code, in which Markdown and HTML mean nothing. Empty texts stay empty. */
export function code(text: string): string {
  const shown = visible(text)
  if (shown.trim() === '') return ''
  const fence = '`'.repeat(longestRun(shown) + 1)
  const gap = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${gap}${shown}${gap}${fence}`
}

/** Lines of code in a fence that none of them can end. */
export function codeBlock(language: string, lines: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines) + 1))
  return `${fence}${language}\n${lines.split('\n').map(visible).join('\n').trimEnd()}\n${fence}`
}

/** A table; texts of data have to be code. The last columns, `numbers` of them, are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbers = 0): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = head.map((_, at) => (at >= head.length - numbers ? '---:' : '---'))
  return [head, rule, ...rows].map(line).join('\n')
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}
