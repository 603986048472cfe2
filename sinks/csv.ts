import { z } from 'zod'
import type { Cell } from '../pipeline/batch/columns.ts'
import type { SinkBundle } from '../pipeline/graph/sink.ts'
import { defineSink } from '../pipeline/graph/write.ts'
import { AtomicFile, publishAll } from './atomic-file.ts'
import { checkCells, tableColumns } from './table-column.ts'

const options = z.strictObject({
  columns: tableColumns,
  directory: z.string().default('analysis'),
  prefix: z.string().default('trajectories'),
  /**
   * Puts an apostrophe before texts that a spreadsheet would run as a formula (OWASP, CSV Injection). Off by
   * default, because it changes the data that a program reads.
   */
  spreadsheetSafe: z.boolean().default(false),
})

const NEEDS_QUOTES = /[",\r\n]/
const STARTS_FORMULA = /^[=+\-@\t\r]/

/**
 * The rows' columns as CSV (RFC 4180: CRLF, quotes doubled) in UTF-8 with a header line. Null is an empty field
 * and the empty text is `""`.
 */
export const writeCsv = defineSink({
  module: import.meta.url,
  name: 'writeCsv',
  options,
  columns: ({ columns }) => Object.keys(columns),
  async open({ columns, directory, prefix, spreadsheetSafe }, context) {
    const file = await AtomicFile.open(context, `${directory}/${prefix}-00000.csv`)
    const names = Object.keys(columns)
    const text = (cell: Cell) =>
      field(spreadsheetSafe && typeof cell === 'string' ? withoutFormula(cell) : cell)
    const lines = (bundle: SinkBundle) => {
      const cells = names.map((name) => bundle.column(name))
      cells.forEach((column, at) => {
        checkCells(column, columns[names[at]!]!.type, names[at]!)
      })
      return Array.from({ length: bundle.rows }, (_, row) => line(cells.map((column) => text(column[row]!))))
    }
    let started = false
    const start = async () => {
      if (!started) await file.append(Buffer.from(line(names.map(field))), 0)
      started = true
    }
    return {
      async write(bundle) {
        await start()
        await file.append(Buffer.from(lines(bundle).join('')), bundle.rows)
      },
      commit: () => publishAll([file], start),
      abort: () => file.remove(),
    }
  },
})

function line(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`
}

function field(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  return cell === '' || NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function withoutFormula(text: string): string {
  return STARTS_FORMULA.test(text) ? `'${text}` : text
}
