import type { ScalingReport } from '../report.ts'
import { type Area, element, line, linear, type Svg, text, ticks } from './svg.ts'

const LEFT = 56
const BOTTOM = 40

/** Rows a second by workers, with the lowest and the highest round, and what as many lone workers would do. */
export function drawScaling(reports: readonly ScalingReport[], { x, y, width, height }: Area): Svg {
  const first = reports[0]!
  const workers = reports.at(-1)!.workers
  const ideal = (some: number) => (first.rowsPerSecond.median * some) / first.workers
  const most = Math.max(ideal(workers), ...reports.map(({ rowsPerSecond }) => rowsPerSecond.max)) * 1.05
  const bottom = y + height - BOTTOM
  const across = linear(workers + 0.5, x + LEFT, x + width)
  const up = linear(most, bottom, y)
  const points = reports.map((report) => [across(report.workers), up(report.rowsPerSecond.median)] as const)
  return [
    ...ticks(most).map(
      (amount) =>
        line(x + LEFT, up(amount), x + width, up(amount), 'grid') +
        text(amount.toLocaleString('en-US'), {
          x: x + LEFT - 8,
          y: up(amount) + 4,
          class: 'muted small end',
        }),
    ),
    line(x + LEFT, bottom, x + width, bottom, 'axis'),
    line(across(0), up(0), across(workers), up(ideal(workers)), 'ideal'),
    element('polyline', { points: points.map((point) => point.join(',')).join(' '), class: 'measured' }),
    ...reports.map(({ rowsPerSecond: { min, max } }, at) =>
      line(points[at]![0], up(min), points[at]![0], up(max), 'whisker'),
    ),
    ...points.map(([cx, cy]) => element('circle', { cx, cy, r: 4.5, class: 'cpu' })),
    ...reports.map(({ workers: some }) =>
      text(String(some), { x: across(some), y: bottom + 16, class: 'muted small middle' }),
    ),
    text('workers', { x: x + (LEFT + width) / 2, y: bottom + 33, class: 'muted small middle' }),
  ].join('\n')
}
