import type { BenchReport } from '../bench/report.ts'
import { bytes, counted, duration, short } from './amounts.ts'
import { bounds } from './bench-bounds.ts'
import { scaling } from './bench-scaling.ts'
import { times } from './bench-times.ts'
import { type DrawBenchOptions, paragraph } from './bench-words.ts'
import { safeLine } from './safe-text.ts'

/** What was measured, for a person. */
export function drawBench(report: BenchReport, options: DrawBenchOptions): string {
  const sections = [
    headline(report, options),
    times(report, options),
    bounds(report, options),
    scaling(report, options),
  ]
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `\n${shown.join('\n\n')}\n`
}

function headline(
  { recipe, data, machine, limits, scaling, startUpSeconds }: BenchReport,
  { screen }: DrawBenchOptions,
): string[] {
  const { strong, faint } = screen.paint
  const read = `${safeLine(recipe.name)}: ${counted(data.rows, 'row')}, ${bytes(data.bytes)} and ${short(data.tokens)} tokens in ${counted(data.bundles, 'bundle')} of ${counted(data.files, 'file')}`
  const rates = limits.decompression.map(
    ({ codec, bytesPerSecond }) => `${codec} pages decompress at ${bytes(bytesPerSecond)}/s`,
  )
  const host = [
    `${counted(machine.processors, 'processor')}, Node ${machine.node}, ${machine.platform}`,
    [`Memory is copied at ${bytes(limits.memoryBytesPerSecond)}/s`, ...rates].join(', '),
    `${counted(scaling[0]!.rounds.length, 'round')} after one to warm up, which took ${duration(startUpSeconds)} to start`,
  ].join('. ')
  return [...paragraph(read, screen).map(strong), ...paragraph(`${host}.`, screen).map(faint)]
}
