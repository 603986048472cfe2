import type { Leaf } from '../../sources/inspect/inspection.ts'
import { bytes, count, counted } from './amounts.ts'
import { seenFrom } from './common-folder.ts'
import { nameWords } from './draw-names.ts'
import { INDENT, paragraph } from './paragraph.ts'
import { columnsOf, fitEnd, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, type Rows, right, table } from './table.ts'

const LEAVES_SHOWN = 40
/** What each leaf has, and the languages of several. Names that are too long stand on lines of their own. */
export function drawLeaves(
  leaves: readonly Leaf[],
  folder: string,
  screen: Pick<Screen, 'room' | 'paint'>,
): string[] {
  if (leaves.length === 0) return []
  const { room, paint } = screen
  const shown = leaves.slice(0, LEAVES_SHOWN)
  const more = leaves.length - shown.length
  const names = shown.map(({ leaf }) => safeLine(seenFrom(folder, leaf)))
  const fits = (rows: Rows) => table(rows, INDENT).every((line) => columnsOf(line) <= room)
  const withName = (row: Rows[number], at: number): Rows[number] =>
    at === 0 ? [{ text: 'folder', paint: paint.faint }, ...row] : [{ text: names[at - 1]! }, ...row]
  const forms = [true, false].map((withFiles) => numbersOf(shown, withFiles, paint))
  const beside = forms.map((rows) => rows.map(withName)).find(fits)
  const [head = '', ...lines] = table(beside ?? forms.find(fits) ?? forms[1]!, INDENT)
  const drawn = lines.flatMap((line, at) => [
    ...(beside ? [] : [`${' '.repeat(INDENT)}${fitEnd(names[at]!, room - INDENT)}`]),
    line,
    ...(leaves.length > 1 ? languagesOf(shown[at]!, screen) : []),
  ])
  return [
    head,
    ...drawn,
    ...(more > 0 ? [`${' '.repeat(INDENT)}and ${counted(more, 'more folder')}, which --json shows`] : []),
  ]
}

/** A heading, and the numbers of each leaf. */
function numbersOf(leaves: readonly Leaf[], withFiles: boolean, paint: Screen['paint']): Rows {
  const someUnread = leaves.some(({ unread }) => unread > 0)
  const headings = [
    ...(withFiles ? ['files'] : []),
    ...['rows', 'size', 'passed', 'failed', 'ungraded'],
    ...(someUnread ? ['unread'] : []),
  ]
  const number = (amount: number, style = (text: string) => text): Cell =>
    amount > 0 ? { ...right(count(amount)), paint: style } : right('0')
  return [
    headings.map((text) => ({ ...right(text), paint: paint.faint })),
    ...leaves.map(({ files, rows, bytes: size, labels: { passed, failed, ungraded }, unread }): Cell[] => [
      ...(withFiles ? [number(files)] : []),
      number(rows),
      right(bytes(size)),
      number(passed, paint.good),
      number(failed),
      number(ungraded, 2 * ungraded > rows ? paint.warn : undefined),
      ...(someUnread ? [number(unread, paint.bad)] : []),
    ]),
  ]
}

/** Languages named of a leaf. */
const LANGUAGES_NAMED = 10

function languagesOf({ languages }: Leaf, screen: Pick<Screen, 'room' | 'paint'>): string[] {
  const named = languages
    .slice(0, LANGUAGES_NAMED)
    .map(({ name, rows }) => `${nameWords(name, screen.room / 3)} ${count(rows)}`)
  const more = languages.length - LANGUAGES_NAMED
  const pieces = more > 0 ? [...named, counted(more, 'other')] : named
  const separated = pieces.map((piece, at) => (at < pieces.length - 1 ? `${piece},` : piece))
  return paragraph(separated, screen, 2 * INDENT).map(screen.paint.faint)
}
