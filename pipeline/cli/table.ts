import { columnsOf, padColumns } from './safe-text.ts'

/** A cell: its text, on which side it stands, and how it is painted. */
export interface Cell {
  readonly text: string
  readonly align?: 'left' | 'right'
  readonly paint?: (text: string) => string
}

/** Rows of as many cells each. */
export type Rows = readonly (readonly Cell[])[]

/** Rows of cells in columns as wide as they need, two spaces apart. Columns that hold nothing take no place. */
export function table(rows: Rows, indent: number): string[] {
  const widths = widthsOf(rows)
  return rows.map((row) => {
    const cells = row.flatMap(({ text, align = 'left', paint = (same) => same }, at) => {
      if (widths[at] === 0) return []
      if (text === '') return ' '.repeat(widths[at]!)
      const last = at === row.length - 1 && align === 'left'
      if (last) return paint(text)
      const padded = padColumns(text, widths[at]!, align === 'left' ? 'right' : 'left')
      return padded.replace(text, () => paint(text))
    })
    return `${' '.repeat(indent)}${cells.join('  ')}`.trimEnd()
  })
}

/** The first of several forms of a table that fits, of the fullest to the barest; the barest when none does. */
export function tableWithin(columns: number, forms: Iterable<Rows>, indent: number): string[] {
  let barest: Rows = []
  for (const rows of forms) {
    barest = rows
    const widths = widthsOf(rows).filter((width) => width > 0)
    if (widths.reduce((sum, width) => sum + 2 + width, indent - 2) <= columns) break
  }
  return table(barest, indent)
}

function widthsOf(rows: Rows): number[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach(({ text }, at) => {
      widths[at] = Math.max(widths[at] ?? 0, columnsOf(text))
    })
  return widths
}

export const right = (text: string): Cell => ({ text, align: 'right' })
