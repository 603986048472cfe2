import type { Limits } from '../report.ts'
import type { Numbered } from './bars.ts'
import { BOUND_CLASS } from './style.ts'
import { type Area, element, line, logarithmic, powers, type Svg, text } from './svg.ts'

const LEFT = 56
const BOTTOM = 40
const DOT = 4.5
/** how far below its beginning a roof is named */
const LABEL_DROP = 14
/** Stages that touch less than this a row say nothing about memory. */
const LEAST_BYTES = 1

/**
 * Rows a second over the bytes that a stage touches of a row, each a power of ten a step. Nothing can lie above the lines,
 * on which all time goes into moving the bytes, or into decompressing them (Williams, Waterman and Patterson, "Roofline:
 * An Insightful Visual Performance Model for Multicore Architectures", Communications of the ACM 52, 2009).
 */
export function drawRoofline(
  stages: readonly Numbered[],
  limits: Limits,
  { x, y, width, height }: Area,
): Svg {
  const shown = stages.filter(({ stage }) => (stage.touchedBytesPerRow ?? 0) >= LEAST_BYTES)
  if (shown.length === 0) return ''
  const bytes = shown.map(({ stage }) => stage.touchedBytesPerRow!)
  const rates = shown.map(({ stage }) => stage.rowsPerSecond!)
  const [leastBytes, mostBytes] = [Math.min(...bytes) / 3, Math.max(...bytes) * 3]
  const roofs = [
    { words: 'memory', rate: limits.memoryBytesPerSecond, of: 'roof' },
    ...limits.decompression.map(({ codec, bytesPerSecond }) => ({
      words: codec,
      rate: bytesPerSecond,
      of: 'roof2',
    })),
  ]
  const leastRate = Math.min(...rates, ...roofs.map(({ rate }) => rate / mostBytes)) / 2
  const mostRate = Math.max(
    2 * Math.max(...rates),
    limits.memoryBytesPerSecond / Math.sqrt(leastBytes * mostBytes),
  )
  const bottom = y + height - BOTTOM
  const across = logarithmic(leastBytes, mostBytes, x + LEFT, x + width)
  const up = logarithmic(leastRate, mostRate, bottom, y)
  // A step of the same factor down and to the right stays on the roof.
  const besideRoof = LABEL_DROP * ((across(10) - across(1)) / (up(1) - up(10))) + 6
  const dots = shown.map((some) => ({
    ...some,
    x: across(some.stage.touchedBytesPerRow!),
    y: up(some.stage.rowsPerSecond!),
  }))
  return [
    ...powers(leastRate, mostRate).map(
      (amount) =>
        line(x + LEFT, up(amount), x + width, up(amount), 'grid') +
        text(scaled(amount), { x: x + LEFT - 8, y: up(amount) + 4, class: 'muted small end' }),
    ),
    ...powers(leastBytes, mostBytes).map(
      (amount) =>
        line(across(amount), y, across(amount), bottom, 'grid') +
        text(`${scaled(amount)}B`, { x: across(amount), y: bottom + 16, class: 'muted small middle' }),
    ),
    line(x + LEFT, bottom, x + width, bottom, 'axis'),
    ...roofs.map(({ words, rate, of }) => {
      // From the top, or the left, to the right.
      const from = Math.max(leastBytes, rate / mostRate)
      const [fromX, fromY] = [across(from), up(rate / from)]
      return (
        line(fromX, fromY, across(mostBytes), up(rate / mostBytes), of) +
        text(words, { x: fromX + besideRoof, y: fromY + LABEL_DROP, class: 'small muted' })
      )
    }),
    ...dots.map(({ x: cx, y: cy, stage }) =>
      element('circle', { cx, cy, r: DOT, class: BOUND_CLASS[stage.bound] }),
    ),
    ...placeNumbers(dots).map(({ number, x: at, y: height }) =>
      text(String(number), { x: at, y: height + 4, class: 'number middle' }),
    ),
    text('bytes of a row that it touches', {
      x: x + (LEFT + width) / 2,
      y: bottom + 33,
      class: 'muted small middle',
    }),
  ].join('\n')
}

interface Dot {
  readonly number: number
  readonly x: number
  readonly y: number
}

const NUMBER_WIDTH = 15
const NUMBER_HEIGHT = 12

/** Puts each number beside its dot, where it covers no dot and no other number. */
function placeNumbers(dots: readonly Dot[]): Dot[] {
  const placed: Dot[] = []
  for (const dot of dots) {
    const places = [14, 22, 32, 44].flatMap((away) =>
      [0, 180, 90, 270, 45, 315, 135, 225].map((degrees) => {
        const angle = (degrees * Math.PI) / 180
        return { number: dot.number, x: dot.x + away * Math.cos(angle), y: dot.y + away * Math.sin(angle) }
      }),
    )
    const isFree = (place: Dot) =>
      !placed.some((other) => near(place, other, NUMBER_WIDTH, NUMBER_HEIGHT)) &&
      !dots.some((other) => near(place, other, NUMBER_WIDTH / 2 + DOT, NUMBER_HEIGHT / 2 + DOT))
    placed.push(places.find(isFree) ?? places[0]!)
  }
  return placed
}

function near(one: Dot, other: Dot, width: number, height: number): boolean {
  return Math.abs(one.x - other.x) < width && Math.abs(one.y - other.y) < height
}

function scaled(amount: number): string {
  const units = ['', 'k', 'M', 'G', 'T']
  const step = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(amount) / 3 + 1e-9)))
  const rest = amount / 1000 ** step
  return `${Number(rest.toPrecision(3))}${units[step]! && ` ${units[step]}`}${units[step] ? '' : ' '}`
}
