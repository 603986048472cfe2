import cliProgress from 'cli-progress'
import type { RunEvent } from '../runners/events.ts'
import { bar, bytes, count, duration, share, short } from './amounts.ts'
import { RunPace } from './run-pace.ts'
import { columnsOf, fitStart, safeLine } from './safe-text.ts'
import type { Screen } from './screen.ts'
import type { Watcher } from './watcher.ts'

/** Two lines on a terminal that keep up with a run, and are gone when it is over. */
export class ProgressBar implements Watcher {
  readonly #pace = new RunPace()
  readonly #bars: cliProgress.MultiBar

  constructor(stream: NodeJS.WriteStream, { paint, width }: Pick<Screen, 'paint' | 'width'>) {
    this.#bars = new cliProgress.MultiBar({
      stream,
      fps: 8,
      hideCursor: true,
      clearOnComplete: true,
      // Lines are cut to the terminal here, with their colours in mind.
      linewrap: false,
      gracefulExit: false,
      format: '',
    })
    const columns = () => Math.min(width, (stream.columns || width) - 1)
    for (const line of [paceLine, tallyLine])
      this.#bars.create(1, 0, {}, { format: () => line(this.#pace, columns(), paint) })
  }

  take(event: RunEvent): void {
    this.#pace.take(event)
  }

  close(): void {
    this.#bars.stop()
  }
}

const NARROWEST_BAR = 6
const WIDEST_BAR = 30

function paceLine(pace: RunPace, columns: number, paint: Screen['paint']): string {
  if (pace.phase === 'planning') return 'looking at the files'
  if (pace.phase === 'choosing') return 'all rows are read: choosing which of them stay'
  if (pace.phase === 'writing') return 'all rows are written: closing the files'
  const { done, rows, totalRows, seconds, secondsLeft } = pace
  const rate = (amount: number) => (seconds > 0 ? amount / seconds : 0)
  const pieces = [
    `${short(rows)}/${short(totalRows)}`,
    `${short(rate(rows))} rows/s`,
    `${bytes(rate(pace.bytes))}/s`,
    `${short(rate(pace.tokens))} tok/s`,
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ]
  const percent = `${Math.floor(100 * done)} %`.padStart(5)
  const lengthOf = () => percent.length + pieces.reduce((sum, piece) => sum + 2 + piece.length, 2)
  while (pieces.length > 1 && lengthOf() + NARROWEST_BAR > columns) pieces.splice(-2, 1)
  const room = Math.min(WIDEST_BAR, columns - lengthOf())
  if (room < NARROWEST_BAR) return fitStart(`${percent}  ${pieces.join('  ')}`, columns)
  const full = bar(done, 1, room)
  return `${percent}  ${paint.accent(full)}${paint.faint('░'.repeat(Math.max(0, room - columnsOf(full))))}  ${pieces.join('  ')}`
}

function tallyLine({ tally, phase }: RunPace, columns: number, paint: Screen['paint']): string {
  if (!tally || phase === 'planning') return ''
  const { rows, kept, failed } = tally
  const dropped = Object.entries(tally.dropped).sort(([, a], [, b]) => b - a)
  const pieces = [
    { text: `kept ${count(kept)} (${share(kept, rows)})`, style: paint.good },
    ...(failed > 0 ? [{ text: `failed ${count(failed)}`, style: paint.bad }] : []),
    ...dropped.map(([reason, some]) => ({ text: `${safeLine(reason)} ${count(some)}`, style: paint.faint })),
  ]
  let left = columns - 7
  const shown: string[] = []
  for (const { text, style } of pieces) {
    left -= columnsOf(text) + 2
    if (left < 0) break
    shown.push(style(text))
  }
  return `${' '.repeat(7)}${shown.join('  ')}`
}
