const newline = 10

/**
 * Walks a text line by line without splitting it: a patch can be 84 MB, one of its lines 10 MB, and the only
 * thing kept of a line is where it starts and ends.
 */
export class LineCursor {
  readonly text: string
  /** Index of the current line's first character; the text's length once every line has been passed. */
  start = 0
  /** Index behind the current line's newline, or the text's length where the last line has none. */
  end: number
  /** Number of the current line, from 1. */
  number = 1

  constructor(text: string) {
    this.text = text
    this.end = endOfLine(text, 0)
  }

  get finished(): boolean {
    return this.start >= this.text.length
  }

  /** Whether the current line ends with a newline, which git asks of every line that it counts. */
  get terminated(): boolean {
    return this.end > this.start && this.text.charCodeAt(this.end - 1) === newline
  }

  /** The current line without its newline. */
  get line(): string {
    return this.text.slice(this.start, this.terminated ? this.end - 1 : this.end)
  }

  /** Whether the current line starts with `prefix`, a string without a newline. */
  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.start)
  }

  advance(): void {
    this.moveTo(this.end, this.number + 1)
  }

  /** Goes on at a place that a faster loop has reached: a line's start and its number. */
  moveTo(start: number, number: number): void {
    this.start = start
    this.end = endOfLine(this.text, start)
    this.number = number
  }
}

/** The index behind the newline of the line that holds `from`, or the text's length. */
export function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at + 1
}

/**
 * Whether text[from, to) takes at least `count` bytes in UTF-8. Git's limits on short lines count bytes, and
 * a translated `\ No newline at end of file` can be shorter in characters than the English one.
 */
export function takesBytes(text: string, from: number, to: number, count: number): boolean {
  return to - from >= count || Buffer.byteLength(text.slice(from, to)) >= count
}
