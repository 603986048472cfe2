import type { StageReport } from '../bench/report.ts'
import { count, share, short } from './amounts.ts'
import { fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import type { Cell } from './table.ts'
import { wrap } from './wrap.ts'

export interface DrawBenchOptions {
  readonly screen: Pick<Screen, 'room' | 'paint'>
  /** names of the stages that were asked for; null for those that take most */
  readonly chosen: ReadonlySet<string> | null
}

/** Columns that tables and words are indented by. */
export const INDENT = 2
/** Without an end where there is no terminal, words still need one. */
const WIDEST_WORDS = 100

/** Words in as many lines as they need. */
export function paragraph(words: string, { room }: Pick<Screen, 'room'>): string[] {
  const lines = wrap(words.split(' '), { between: ' ', columns: Math.min(room, WIDEST_WORDS) - INDENT })
  return lines.map((line) => `${' '.repeat(INDENT)}${line}`)
}

/** Stands for what was not measured. */
export const NO_VALUE = '–'

/** Titles stand over their columns: the first and the last on the left, the others on the right. */
export function heading(
  titles: readonly string[],
  paint: Screen['paint'],
  first: 'left' | 'right' = 'left',
): Cell[] {
  return titles.map((title, at) => {
    const text = title === '|' ? '' : title
    const align = at === 0 ? first : title === 'bound by' ? 'left' : 'right'
    return { text, align, paint: paint.faint }
  })
}

const NAME_COLUMNS = 30

export function nameColumns(room: number): number {
  return Math.min(NAME_COLUMNS, Math.floor(room / 2) - 4)
}

export function nameOf({ name, place, isFloor }: StageReport, room: number): string {
  const where = place === 'committer' ? ', written' : isFloor ? ', no-op' : ''
  return fitStart(`${safeLine(name)}${where}`, nameColumns(room))
}

/** Microseconds with three digits that count. */
export function micro(nanoseconds: number): string {
  const some = nanoseconds / 1000
  if (some >= 99.95) return count(some)
  return some >= 9.995 ? some.toFixed(1) : some.toFixed(2)
}

export function rate(some: number | null): string {
  return some === null ? NO_VALUE : short(some)
}

export function part(some: number | null): string {
  return some === null ? NO_VALUE : share(some, 1)
}
