import type { NamedRows } from '../../sources/inspect/inspection.ts'
import { bar, count, counted, share } from './amounts.ts'
import { INDENT } from './paragraph.ts'
import { fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'

/** More names than this are summed up. */
const NAMES_SHOWN = 14
/** From the widest to none at all. */
const BARS = [20, 16, 12, 8, 4, 0]

/** Rows by a name that they have: languages, teacher models. Nothing where no row has any. */
export function drawNames(
  what: string,
  all: readonly NamedRows[],
  { room, paint }: Pick<Screen, 'room' | 'paint'>,
): string[] {
  if (all.every(({ name }) => name === null)) return []
  const total = sum(all).rows
  const rest = all.slice(NAMES_SHOWN)
  const shown = [
    ...all.slice(0, NAMES_SHOWN).map((one) => ({ ...one, text: nameWords(one.name, room / 3) })),
    ...(rest.length > 0 ? [{ ...sum(rest), text: counted(rest.length, 'other') }] : []),
  ]
  const heading = (text: string): Cell => ({ ...right(text), paint: paint.faint })
  const nothing: Cell = { text: '' }
  const form = (barWidth: number): Rows => [
    [{ text: what, paint: paint.faint }, heading('rows'), nothing, nothing, heading('passed'), nothing],
    ...shown.map(({ text, rows, passed }): Cell[] => [
      { text },
      right(count(rows)),
      right(share(rows, total)),
      { text: barWidth > 0 ? bar(rows, total, barWidth) : '', paint: paint.accent },
      right(count(passed)),
      right(share(passed, rows)),
    ]),
  ]
  return tableWithin(room, BARS.map(form), INDENT)
}

/** A name, cut to so many columns. */
export function nameWords(name: string | null, columns: number): string {
  return name === null ? 'unknown' : fitStart(safeLine(name), Math.floor(columns))
}

function sum(names: readonly NamedRows[]): { readonly rows: number; readonly passed: number } {
  return {
    rows: names.reduce((sum, { rows }) => sum + rows, 0),
    passed: names.reduce((sum, { passed }) => sum + passed, 0),
  }
}
