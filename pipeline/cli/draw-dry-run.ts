import type { Pipeline } from '../graph/pipeline.ts'
import type { SourcePlan } from '../graph/source.ts'
import { drawPlan } from '../plan/draw-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { bytes, count, counted } from './amounts.ts'
import { fitEnd, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, right, table } from './table.ts'

export interface DryRun {
  readonly sources: SourcePlan
  readonly plan: Plan
  readonly pipeline: Pipeline
  /** the output folder as the user knows it, and whether an earlier run's output is in it */
  readonly out: string
  readonly outIsTaken: boolean
  readonly fresh: boolean
  /** the dataset on the Hub that the output is pushed to; null for none */
  readonly pushTo: string | null
}

/** What a run would read, do and write, for a person. */
export function drawDryRun(dry: DryRun, screen: Pick<Screen, 'width' | 'room' | 'paint'>): string {
  const sections = [
    reading(dry, screen),
    drawPlan(dry.plan, dry.pipeline, screen).split('\n'),
    writing(dry, screen),
  ]
  const text = sections.map((lines) => lines.join('\n')).join('\n\n')
  return `${screen.paint.strong('Dry run: nothing is written.')}\n\n${text}\n`
}

/** Longer lists are cut. */
const FILES_SHOWN = 40

function reading({ sources }: DryRun, { room, paint }: Pick<Screen, 'room' | 'paint'>): string[] {
  const { files, bundles, ignored } = sources
  const rows = bundles.reduce((sum, bundle) => sum + bundle.rows, 0)
  const size = files.reduce((sum, file) => sum + file.bytes, 0)
  const read = files
    .slice(0, FILES_SHOWN)
    .map((file): Cell[] => [
      { text: fitEnd(safeLine(file.file), room - 40) },
      { text: file.format, paint: paint.faint },
      right(counted(file.rows, 'row')),
      right(bytes(file.bytes)),
    ])
  const passed = ignored
    .slice(0, FILES_SHOWN)
    .map(({ file, why }): Cell[] => [
      { text: fitEnd(safeLine(file), Math.floor(room / 2)) },
      { text: safeLine(why), paint: paint.faint },
    ])
  return [
    `Reads ${counted(rows, 'row')} of ${counted(files.length, 'file')}, ${bytes(size)}, in ${counted(bundles.length, 'bundle')}`,
    ...table(read, 2),
    ...more(files.length),
    ...(ignored.length > 0 ? [`Passes over ${counted(ignored.length, 'file')}`, ...table(passed, 2)] : []),
    ...more(ignored.length),
  ]
}

function more(files: number): string[] {
  return files > FILES_SHOWN ? [`  … and ${count(files - FILES_SHOWN)} more`] : []
}

function writing(
  { plan, out, outIsTaken, fresh, pushTo }: DryRun,
  { paint }: Pick<Screen, 'paint'>,
): string[] {
  const sinks = plan.nodes.flatMap((node): Cell[][] => {
    if (node.kind !== 'write') return []
    const { directory, prefix, ...others } = node.ref.options as Record<string, unknown>
    const place = typeof directory === 'string' ? `${directory}/${prefix ?? ''}-*` : 'files of its own'
    const settings = Object.entries(others)
      .filter(([, value]) => typeof value !== 'object')
      .map(([name, value]) => `${name} ${value}`)
    return [
      [
        { text: safeLine(place) },
        { text: node.name },
        { text: safeLine(settings.join(', ')), paint: paint.faint },
      ],
    ]
  })
  const taken = outIsTaken
    ? fresh
      ? ' in place of the output of an earlier run'
      : paint.warn(', which holds the output of an earlier run: a run would refuse, without --fresh')
    : ''
  return [
    `Writes to ${safeLine(out)}/${taken}`,
    ...table(sinks, 2),
    '  manifest.json, run.json',
    ...(pushTo === null ? [] : [`Pushes it to ${safeLine(pushTo)} on the Hugging Face Hub`]),
  ]
}
