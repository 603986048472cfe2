import type { StageReport } from '../report.ts'
import { BOUND_CLASS } from './style.ts'
import { type Area, element, line, linear, type Svg, text, ticks } from './svg.ts'

export const ROW_HEIGHT = 24
const NAME_WIDTH = 236
const VALUE_WIDTH = 128
const AXIS_HEIGHT = 26

/** A stage and the number that it goes by in the whole picture. */
export interface Numbered {
  readonly number: number
  readonly stage: StageReport
}

export function barsHeight(stages: number): number {
  return stages * ROW_HEIGHT + AXIS_HEIGHT
}

/** Microseconds a row, a bar a stage; a line through its end from the lower to the upper quartile of the bundles. */
export function drawBars(stages: readonly Numbered[], { x, y, width }: Area): Svg {
  const left = x + NAME_WIDTH
  const right = x + width - VALUE_WIDTH
  const most = Math.max(
    ...stages.map(({ stage }) => Math.max(stage.nanosecondsPerRow, stage.bundles?.q3 ?? 0)),
  )
  const at = linear(most / 1000, left, right)
  const bottom = y + stages.length * ROW_HEIGHT
  const axis = ticks(most / 1000).map(
    (amount) =>
      line(at(amount), y, at(amount), bottom, 'grid') +
      text(amount.toLocaleString('en-US'), { x: at(amount), y: bottom + 16, class: 'muted small middle' }),
  )
  const bars = stages.map((some, row) =>
    drawBar(some, { top: y + row * ROW_HEIGHT, x, left, end: x + width, at }),
  )
  return [...axis, ...bars, line(left, y, left, bottom, 'axis')].join('\n')
}

interface Place {
  readonly top: number
  readonly x: number
  readonly left: number
  readonly end: number
  at(microseconds: number): number
}

function drawBar({ number, stage }: Numbered, { top, x, left, end, at }: Place): Svg {
  const { name, place, isOwn, isFloor, nanosecondsPerRow, bundles, bound, share } = stage
  const middle = top + ROW_HEIGHT / 2
  const where = place === 'committer' ? ', written' : isFloor ? ', no-op' : ''
  const part = isFloor ? 'floor' : `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`
  const label = isOwn ? { class: 'own' } : {}
  return [
    text(String(number), { x: x + 16, y: middle + 4, class: 'number muted end' }),
    text(fitted(`${name}${where}`), { x: x + 26, y: middle + 4.5, ...label }),
    element('rect', {
      x: left,
      y: top + 4,
      width: Math.max(1, at(nanosecondsPerRow / 1000) - left),
      height: ROW_HEIGHT - 8,
      rx: 2,
      class: BOUND_CLASS[bound],
    }),
    ...(bundles ? [whisker(at(bundles.q1 / 1000), at(bundles.q3 / 1000), middle)] : []),
    text(digits(nanosecondsPerRow / 1000), { x: end - 60, y: middle + 4.5, class: 'end' }),
    text(part, { x: end, y: middle + 4.5, class: 'muted end' }),
  ].join('')
}

function whisker(from: number, to: number, middle: number): Svg {
  return (
    line(from, middle, to, middle, 'whisker') +
    [from, to].map((end) => line(end, middle - 4, end, middle + 4, 'whisker')).join('')
  )
}

const LONGEST_NAME = 28

function fitted(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name
}

function digits(amount: number): string {
  if (amount >= 99.95) return Math.round(amount).toLocaleString('en-US')
  return amount.toFixed(amount >= 9.995 ? 1 : 2)
}
