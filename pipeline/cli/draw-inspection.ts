import type { Inspection } from '../../sources/inspect/inspection.ts'
import { bytes, counted, share } from './amounts.ts'
import { commonFolder } from './common-folder.ts'
import { drawFileReasons } from './draw-file-reasons.ts'
import { drawLeaves } from './draw-leaves.ts'
import { drawNames } from './draw-names.ts'
import { drawShapes } from './draw-shapes.ts'
import { INDENT, paragraph } from './paragraph.ts'
import { physicalForm } from './physical-form.ts'
import { fitEnd, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'

/** What there is to read, for a person. */
export function drawInspection(inspection: Inspection, screen: Pick<Screen, 'room' | 'paint'>): string {
  const { total } = inspection
  const folder = commonFolder(inspection)
  const sections = [
    headline(inspection, folder, screen),
    drawLeaves(inspection.leaves, folder, screen),
    drawNames('language', total.languages, screen),
    drawNames('teacher model', total.teacherModels, screen),
    ...drawShapes(inspection.shapes, folder, screen),
    ...drawFileReasons(inspection, folder, screen),
    network(inspection, screen),
  ]
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `\n${shown.join('\n\n')}\n`
}

function headline(
  { total, files, datasets, notLookedAt }: Inspection,
  folder: string,
  screen: Pick<Screen, 'room' | 'paint'>,
): string[] {
  const { strong, faint, warn } = screen.paint
  const atLeast = files.some(({ rows }) => rows === null) ? 'at least ' : ''
  const amounts = [`${counted(total.files, 'file')},`, `${atLeast}${counted(total.rows, 'row')},`]
  const uncompressed = total.uncompressedBytes > 0 ? [`(${bytes(total.uncompressedBytes)} uncompressed)`] : []
  const left = notLookedAt > 0 ? [`${counted(notLookedAt, 'more file')} not looked at (--limit-files)`] : []
  return [
    ...paragraph([...amounts, bytes(total.bytes)].map(strong).concat(uncompressed), screen),
    ...datasets.flatMap(({ repository, commit }) => {
      const root = `hf://datasets/${repository}@${commit}`
      const inside = folder.startsWith(`${root}/`) ? folder.slice(root.length) : ''
      return paragraph(
        [fitEnd(safeLine(repository + inside), screen.room - INDENT), `at commit ${safeLine(commit)}`],
        screen,
      )
    }),
    ...(folder === '' || datasets.length > 0
      ? []
      : [`${' '.repeat(INDENT)}${fitEnd(safeLine(folder), screen.room - INDENT)}`]),
    ...physicalForm(files).flatMap((words) => paragraph(words, screen).map(faint)),
    ...left.flatMap((words) => paragraph(words.split(' '), screen).map(warn)),
  ]
}

/** What it took, of what there is. */
function network({ traffic, total }: Inspection, screen: Pick<Screen, 'room'>): string[] {
  if (traffic === null) return []
  const amount = `${bytes(traffic.bytes)} of ${bytes(total.bytes)} (${share(traffic.bytes, total.bytes)})`
  return paragraph(['From the Hub:', `${counted(traffic.requests, 'request')},`, amount], screen)
}
