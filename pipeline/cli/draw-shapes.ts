import type { FileColumn, FoundField, Shape } from '../../sources/inspect/inspection.ts'
import { bar, bytes, counted, share } from './amounts.ts'
import { seenFrom } from './common-folder.ts'
import { INDENT } from './paragraph.ts'
import { fitEnd, fitStart, padColumns, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, type Rows, right, tableWithin } from './table.ts'
import { wrap } from './wrap.ts'

type Sheet = Pick<Screen, 'room' | 'paint'>

/** Where all files differ there are as many shapes. */
const SHAPES_SHOWN = 4
/** A file of another kind may have any number of columns. */
const UNUSED_SHOWN = 20

/** Where files have the fields of traces: a section for each shape. */
export function drawShapes(shapes: readonly Shape[], folder: string, screen: Sheet): string[][] {
  const sections = shapes
    .slice(0, SHAPES_SHOWN)
    .map((shape, at) => [
      title(shape, `${at + 1} of ${shapes.length}`, folder, screen),
      ...content(shape, screen),
    ])
  const more = shapes.length - SHAPES_SHOWN
  return more > 0 ? [...sections, [`  and ${counted(more, 'more shape')}, which --json shows`]] : sections
}

/** Which files have it. */
function title(
  { files, format }: Shape,
  which: string,
  folder: string,
  { room, paint }: Pick<Screen, 'room' | 'paint'>,
): string {
  const some = `${counted(files.length, 'file')} of ${format === 'parquet' ? 'Parquet' : 'JSON Lines'}`
  if (which === '1 of 1')
    return paint.strong(`  ${files.length === 1 ? 'Columns' : `Columns, the same in ${some}`}`)
  const words = `  Columns ${which}: ${some}, ${files.length > 1 ? 'as ' : ''}`
  const example = safeLine(seenFrom(folder, files[0]!))
  return paint.strong(words) + fitEnd(example, Math.max(MIN_NAME, room - words.length))
}

const MIN_NAME = 12

function content(shape: Shape, screen: Sheet): string[] {
  const { fields, missing, mismatches, unused } = shape
  const { warn, bad, faint } = screen.paint
  const more = unused.length > UNUSED_SHOWN ? [`and ${unused.length - UNUSED_SHOWN} more`] : []
  return [
    ...(shape.format === 'parquet'
      ? sizes(shape, screen)
      : labelled('found', fields.map(typed), faint, screen)),
    ...labelled('renamed', renamed(fields), warn, screen),
    ...mismatches.flatMap(({ field, message }) =>
      labelled('mismatch', [`${safeLine(field)}: ${safeLine(message)}`], bad, screen),
    ),
    ...labelled('missing', missing, faint, screen),
    ...labelled('unused', [...unused.slice(0, UNUSED_SHOWN).map(typed), ...more], faint, screen),
  ]
}

/** What each field takes of the files. */
function sizes({ fields, bytes: all }: Shape, { room, paint }: Sheet): string[] {
  const heading = (text: string, align: 'left' | 'right'): Cell => ({ text, align, paint: paint.faint })
  const form = (barWidth: number, withType: boolean, nameRoom = Number.POSITIVE_INFINITY): Rows => [
    [
      heading('field', 'left'),
      heading(withType ? 'type' : '', 'left'),
      heading('size', 'right'),
      heading('share', 'right'),
      { text: '' },
    ],
    ...fields.map(({ field, type, bytes: size }): Cell[] => [
      { text: fitEnd(safeLine(field), nameRoom) },
      { text: withType ? safeLine(type) : '', paint: paint.faint },
      right(bytes(size ?? 0)),
      right(share(size ?? 0, all)),
      { text: barWidth > 0 ? bar(size ?? 0, all, barWidth) : '', paint: paint.accent },
    ]),
  ]
  const forms = [form(20, true), form(12, true), form(8, true), form(0, true), form(0, false)]
  return tableWithin(room, [...forms, form(0, false, Math.max(MIN_NAME, room - SIZE_ROOM))], INDENT)
}

/** Of the columns behind the name. */
const SIZE_ROOM = 20

/** `messages is trajectory`, once for all that lies below. */
function renamed(fields: readonly FoundField[]): string[] {
  const pairs = fields.flatMap(({ field, column }) => {
    const [wanted, found] = [field.split('.'), column.split('.')]
    if (field === column) return []
    while (wanted.length > 1 && found.length > 1 && wanted.at(-1) === found.at(-1)) {
      wanted.pop()
      found.pop()
    }
    return [`${safeLine(wanted.join('.'))} is called ${safeLine(found.join('.'))}`]
  })
  return [...new Set(pairs)]
}

function typed({ column, type }: FileColumn): string {
  return `${safeLine(column)} (${safeLine(type)})`
}

const LABEL = 10

/** Words behind a label, in as many lines as they need; none when there are none. */
function labelled(
  label: string,
  words: readonly string[],
  style: (text: string) => string,
  { room }: Sheet,
): string[] {
  const columns = room - INDENT - LABEL
  const pieces = words.map((word, at) => (at < words.length - 1 ? `${word},` : word))
  // A name of a file's own may be as long as it likes.
  const fitting = pieces.flatMap((piece) => piece.split(' ')).map((piece) => fitStart(piece, columns))
  return wrap(fitting, { between: ' ', columns }).map(
    (line, at) => `${' '.repeat(INDENT)}${padColumns(at === 0 ? label : '', LABEL)}${style(line)}`,
  )
}
