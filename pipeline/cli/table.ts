import { columnsOf, padColumns } from './safe-text.ts'

/** A cell: its text, on which side it stands, and how it is painted. */
export interface Cell {
  readonly text: string
  readonly align?: 'left' | 'right'
  readonly paint?: (text: string) => string
}

/** Rows of cells in columns as wide as they need, two spaces apart. */
export function table(rows: readonly (readonly Cell[])[], indent: number): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach(({ text }, at) => {
      widths[at] = Math.max(widths[at] ?? 0, columnsOf(text))
    })
  return rows.map((row) => {
    const cells = row.map(({ text, align = 'left', paint = (same) => same }, at) => {
      if (text === '') return ' '.repeat(widths[at]!)
      const last = at === row.length - 1 && align === 'left'
      if (last) return paint(text)
      const padded = padColumns(text, widths[at]!, align === 'left' ? 'right' : 'left')
      return padded.replace(text, () => paint(text))
    })
    return `${' '.repeat(indent)}${cells.join('  ')}`.trimEnd()
  })
}

export const right = (text: string): Cell => ({ text, align: 'right' })
