import type { FileFacts } from '../../sources/inspect/inspection.ts'
import { counted } from './amounts.ts'

/** What formats the files have, and what is known of their insides: the words of a line for each. */
export function physicalForm(files: readonly FileFacts[]): string[][] {
  const parquet = files.filter(({ format }) => format === 'parquet')
  const lines = files.filter(({ format }) => format === 'jsonl')
  const rowGroups = parquet.reduce((sum, file) => sum + (file.rowGroups ?? 0), 0)
  return [
    parquet.length === 0
      ? []
      : [
          lines.length === 0 ? 'Parquet' : `${counted(parquet.length, 'file')} of Parquet`,
          codecsOf(parquet),
          counted(rowGroups, 'row group'),
          having(
            'page index',
            parquet.map(({ pageIndex }) => pageIndex),
          ),
          having(
            'checksums',
            parquet.map(({ checksums }) => checksums),
          ),
        ],
    lines.length === 0
      ? []
      : [
          parquet.length === 0 ? 'JSON Lines' : `${counted(lines.length, 'file')} of JSON Lines`,
          codecsOf(lines),
        ],
  ]
    .map((words) => words.filter((word) => word !== ''))
    .filter((words) => words.length > 0)
    .map((words) => words.map((word, at) => (at < words.length - 1 ? `${word},` : word)))
}

function codecsOf(files: readonly FileFacts[]): string {
  return [...new Set(files.flatMap(({ codecs }) => codecs))].map((codec) => codec.toLowerCase()).join(' and ')
}

/** Which of the files have something, as far as is known. */
function having(what: string, has: readonly (boolean | null)[]): string {
  const known = has.filter((one) => one !== null)
  const some = known.filter((one) => one).length
  if (known.length === 0) return ''
  if (some === 0) return `no ${what}`
  return some === known.length ? what : `${what} in ${some} of ${known.length}`
}
