/**
 * What a terminal may take for an order, or a reader for something else: control characters, marks that turn the
 * direction of writing (Trojan Source, CVE-2021-42574), line and paragraph separators, tags and halves of pairs.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu

/** A text that came from data, fit for one line of a terminal: what is unsafe is spelt out, as `\x1b`. */
export function safeLine(text: string): string {
  return text.replace(UNSAFE, spelt)
}

/** The same for texts of several lines. */
export function safeText(text: string): string {
  return text.split('\n').map(safeLine).join('\n')
}

/** A value as JSON, in which such characters stand as `\\u001b`. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (characters) =>
    Array.from({ length: characters.length }, (_, at) => {
      const code = characters.charCodeAt(at).toString(16).padStart(4, '0')
      return `\\u${code}`
    }).join(''),
  )
}

function spelt(character: string): string {
  const code = character.codePointAt(0)!
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return `\\u{${code.toString(16)}}`
}

/** Columns that a text takes on a terminal: wide scripts and emoji two, combining marks none. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text)
    columns += /\p{Mn}|\p{Me}|\u200d/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return columns
}

const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/u

/** The text, or its end after an ellipsis when it is too wide: of paths, the end says most. */
export function fitEnd(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  const characters = [...text]
  while (characters.length > 0 && columnsOf(characters.join('')) > columns - 1) characters.shift()
  return `…${characters.join('')}`
}

/** The text, or its beginning before an ellipsis when it is too wide. */
export function fitStart(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  const characters = [...text]
  while (characters.length > 0 && columnsOf(characters.join('')) > columns - 1) characters.pop()
  return `${characters.join('')}…`
}

/** Fills up with spaces to a width. */
export function padColumns(text: string, columns: number, side: 'left' | 'right' = 'right'): string {
  const spaces = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return side === 'right' ? text + spaces : spaces + text
}
