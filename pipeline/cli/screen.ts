import { styleText } from 'node:util'

/** A stream that people read, and what it can show. */
export interface Screen {
  /** columns that a line of words may take */
  readonly width: number
  /** columns that a table may take, and the names in it: without end where no terminal would break them, as in a log */
  readonly room: number
  readonly isTerminal: boolean
  readonly paint: Paint
  write(text: string): void
}

/** Colours by what they mean; without colours, the text as it is. */
export type Paint = Readonly<
  Record<'strong' | 'faint' | 'good' | 'bad' | 'warn' | 'accent', (text: string) => string>
>

const STYLES = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  accent: 'cyan',
} as const satisfies Record<keyof Paint, Parameters<typeof styleText>[0]>

/** Lines longer than this are hard to read, however wide the terminal. */
const WIDEST = 120
/** The width of a stream that has none, such as a file. */
const USUAL = 100
const NARROWEST = 40

/**
 * Coloured on a terminal only, and not when NO_COLOR is set to anything (https://no-color.org) or the terminal
 * is dumb.
 */
export function openScreen(stream: NodeJS.WriteStream): Screen {
  const isTerminal = stream.isTTY === true
  const colours = isTerminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  const plain = (text: string) => text
  const painted = Object.entries(STYLES).map(([meaning, style]) => [
    meaning,
    colours ? (text: string) => styleText(style, text, { validateStream: false }) : plain,
  ])
  const width = isTerminal ? Math.min(WIDEST, Math.max(NARROWEST, stream.columns || USUAL)) : USUAL
  return {
    width,
    room: isTerminal ? width : Number.POSITIVE_INFINITY,
    isTerminal,
    paint: Object.fromEntries(painted) as Paint,
    write: (text) => void stream.write(text),
  }
}
