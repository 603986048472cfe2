import type { Inspection } from '../../sources/inspect/inspection.ts'
import { count, counted } from './amounts.ts'
import { seenFrom } from './common-folder.ts'
import { INDENT, paragraph } from './paragraph.ts'
import { columnsOf, fitEnd, fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'

/** Files that are not read, or not all of which is, and why: a list for each way. */
export function drawFileReasons(
  { files, damaged, ignored }: Inspection,
  folder: string,
  screen: Pick<Screen, 'room' | 'paint'>,
): string[][] {
  const { bad, warn } = screen.paint
  const because = (member: 'notCounted' | 'firstFailure') =>
    files.flatMap(({ file, [member]: why }) => (why === null ? [] : [{ file, why }]))
  const broken = damaged.map(({ file, error }) => ({ file, why: withoutName(error, file) }))
  const lists = [
    { title: 'Not counted', some: because('notCounted'), style: warn },
    { title: "With rows that can't be read", some: because('firstFailure'), style: bad },
    { title: "Can't be read, and a run would stop there", some: broken, style: bad },
    { title: 'Passed over', some: ignored, style: warn },
  ]
  return lists.map(({ title, some, style }) => {
    const seen = some.map(({ file, why }) => ({ file: seenFrom(folder, file), why }))
    return list(style(`${title}: ${counted(some.length, 'file')}`), seen, screen)
  })
}

/** Errors begin with the name of the file, mostly. */
function withoutName(error: string, file: string): string {
  return error.startsWith(file) ? error.slice(file.length).replace(/^:? /, '') : error
}

const FILES_SHOWN = 5

/** Reasons stand beside the files, or below where that is too wide. */
function list(
  title: string,
  files: readonly { readonly file: string; readonly why: string }[],
  screen: Pick<Screen, 'room' | 'paint'>,
): string[] {
  if (files.length === 0) return []
  const { room, paint } = screen
  const indent = 2 * INDENT
  const shown = files.slice(0, FILES_SHOWN).map(({ file, why }) => [safeLine(file), safeLine(why)] as const)
  const beside = (reasonPaint: (text: string) => string) =>
    table(
      shown.map(([file, why]) => [{ text: file }, { text: why, paint: reasonPaint }]),
      indent,
    )
  const fits = beside((text) => text).every((line) => columnsOf(line) <= room)
  const below = ([file, why]: (typeof shown)[number]): string[] => {
    const words = why.split(' ').map((word) => fitStart(word, room - indent - INDENT))
    const reason = paragraph(words, screen, indent + INDENT).map(paint.faint)
    return [`${' '.repeat(indent)}${fitEnd(file, room - indent)}`, ...reason]
  }
  const more = files.length - shown.length
  return [
    `${' '.repeat(INDENT)}${title}`,
    ...(fits ? beside(paint.faint) : shown.flatMap(below)),
    ...(more > 0 ? [`${' '.repeat(indent)}and ${count(more)} more, which --json shows`] : []),
  ]
}
