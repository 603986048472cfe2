import { isShown } from '../choose-stages.ts'
import type { BenchReport, Bound } from '../report.ts'
import { barsHeight, drawBars } from './bars.ts'
import { drawRoofline } from './roofline.ts'
import { drawScaling } from './scaling-lines.ts'
import { BOUND_CLASS, STYLE } from './style.ts'
import { element, type Svg, text } from './svg.ts'

const WIDTH = 880
const MARGIN = 28
const INNER = WIDTH - 2 * MARGIN
const BARS_TOP = 132
const CHART_HEIGHT = 260
const GAP = 40

/** A measurement as one SVG that needs nothing else: what stages take, how the whole scales, what the machine allows. */
export function drawPicture(report: BenchReport, chosen: ReadonlySet<string> | null): string {
  const { recipe, data, machine, stages, scaling, limits, stageWorkers, measuredAt } = report
  const numbered = stages
    .filter((stage) => isShown(stage, chosen))
    .map((stage, at) => ({ number: at + 1, stage }))
  const chartsTop = BARS_TOP + barsHeight(numbered.length) + 62
  const half = (INNER - GAP) / 2
  const [left, right] = [MARGIN, MARGIN + half + GAP]
  const height = chartsTop + CHART_HEIGHT + MARGIN - 8
  const number = (amount: number) => amount.toLocaleString('en-US')
  const facts = [
    `${number(data.rows)} rows, ${(data.bytes / 1e6).toFixed(1)} MB, ${number(data.tokens)} tokens`,
    plural(machine.processors, 'processor'),
    `Node ${machine.node}`,
    measuredAt.slice(0, 10),
  ].join(' · ')
  const chart = (x: number) => ({ x, y: chartsTop, width: half, height: CHART_HEIGHT })
  const inside = [
    element('title', {}, 'What each stage takes, how the whole scales, and what the machine allows'),
    element('style', {}, `\n${STYLE}\n`),
    element('rect', { width: WIDTH, height, rx: 10, class: 'surface' }),
    text(`sluice bench: ${recipe.name}`, { x: MARGIN, y: 40, class: 'title' }),
    text(facts, { x: MARGIN, y: 62, class: 'muted' }),
    text(`Microseconds a row, with ${plural(stageWorkers, 'worker')}`, {
      x: MARGIN,
      y: 100,
      class: 'heading',
    }),
    text('bar: median of the rounds; line: quartiles of the bundles; share of the whole on the right', {
      x: MARGIN,
      y: 119,
      class: 'muted small',
    }),
    legend(numbered.map(({ stage }) => stage.bound)),
    drawBars(numbered, { x: MARGIN, y: BARS_TOP, width: INNER, height: 0 }),
    text('Rows a second, by workers', { x: left, y: chartsTop - 34, class: 'heading' }),
    text('dashed: as many lone workers', { x: left, y: chartsTop - 16, class: 'muted small' }),
    drawScaling(scaling, chart(left)),
    text('Roofline: rows a second of each stage alone', { x: right, y: chartsTop - 34, class: 'heading' }),
    text("lines: this machine's memory and decompression", {
      x: right,
      y: chartsTop - 16,
      class: 'muted small',
    }),
    drawRoofline(numbered, limits, chart(right)),
  ]
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
  }
  return `${element('svg', attributes, `\n${inside.join('\n')}\n`)}\n`
}

/** What the colours mean, those that are there, in a line that ends on the right. */
function legend(bounds: readonly Bound[]): Svg {
  let x = WIDTH - MARGIN
  const entries = Object.keys(BOUND_CLASS).filter((bound) => bounds.includes(bound as Bound)) as Bound[]
  const pieces = entries.toReversed().map((bound) => {
    x -= bound.length * 6.4
    const label = text(bound, { x, y: 100, class: 'muted small' })
    x -= 16
    const square = element('rect', { x, y: 90, width: 11, height: 11, rx: 2, class: BOUND_CLASS[bound] })
    x -= 14
    return square + label
  })
  return [...pieces, text('bound by', { x, y: 100, class: 'muted small end' })].join('')
}

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}
