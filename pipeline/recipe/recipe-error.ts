import { UsageError } from '../errors.ts'
import type { TextSpan } from './yaml-text.ts'

/** A problem of a recipe with the place where it is to be mended. */
export interface PlacedProblem {
  /** the file and the place in it, or the flag */
  readonly place: { readonly file: string; readonly span: TextSpan; readonly text: string } | string
  /** the member of the recipe: `filters[1].maxTokens`; empty for the recipe as a whole */
  readonly field: string
  readonly message: string
  readonly suggestion: string | null
}

/** A recipe that can't be used. The message lists every problem with its place. */
export class RecipeError extends UsageError {
  readonly problems: readonly PlacedProblem[]

  constructor(subject: string, problems: readonly PlacedProblem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
    super([`${subject} has ${count}`, ...problems.map(paragraph)].join('\n\n'))
    this.problems = problems
  }
}

function paragraph({ place, field, message, suggestion }: PlacedProblem): string {
  const words = suggestion === null ? message : `${message}; did you mean ${suggestion}?`
  if (typeof place === 'string') return `  ${place}\n      ${words}`
  const { file, span } = place
  const position = `${file}:${span.line}:${span.column}`
  const head = field ? `${position}  ${field}` : position
  return `  ${head}\n      ${words}\n${excerpt(place.text, span)}`
}

/** How much of a long line is shown before the place. */
const CHARACTERS_BEFORE = 50
const CHARACTERS_SHOWN = 70

/** The line with a mark under the place. */
function excerpt(line: string, { line: number, column, length }: TextSpan): string {
  const cut = Math.max(0, column - 1 - CHARACTERS_BEFORE)
  const shown = line.replaceAll('\t', ' ').slice(cut, cut + CHARACTERS_SHOWN)
  const gutter = `${number} | `
  const before = ' '.repeat(column - 1 - cut)
  const mark = '^'.repeat(Math.max(1, Math.min(length, shown.length - before.length)))
  return `      ${gutter}${shown}\n      ${'| '.padStart(gutter.length)}${before}${mark}`
}
