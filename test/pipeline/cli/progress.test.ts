import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { ProgressBar } from '../../../pipeline/cli/progress-bar.ts'
import { ProgressLines } from '../../../pipeline/cli/progress-lines.ts'
import { openScreen } from '../../../pipeline/cli/screen.ts'
import type { RunEvent } from '../../../pipeline/runners/events.ts'

const planned: RunEvent = {
  event: 'planned',
  files: [],
  ignored: [],
  bundles: 2,
  rows: 5000,
  bytes: 80_000_000,
}

const bundle: RunEvent = {
  event: 'bundle',
  bundle: { index: 0 },
  rows: 2500,
  bytes: 40_000_000,
  tallies: {
    outcomes: { rows: 2500, kept: 1000, failed: 3, dropped: { too_many_tokens: 900, 'evil\u001b[2J': 597 } },
  },
  counters: { tokens: 123_000_000 },
}

/** A terminal that remembers what it was told. */
class Terminal extends Writable {
  readonly isTTY = true
  readonly columns: number
  text = ''

  constructor(columns: number) {
    super()
    this.columns = columns
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk
    done()
  }
}

describe('the bar on a terminal', () => {
  for (const columns of [40, 80, 120])
    test(`fits ${columns} columns`, async () => {
      const terminal = new Terminal(columns) as Terminal & NodeJS.WriteStream
      const bar = new ProgressBar(terminal, openScreen(terminal))
      bar.take(planned)
      await wait(50)
      bar.take(bundle)
      await wait(300)
      const seen = terminal.text
      bar.close()
      // Each line is drawn between a move to the first column and the erasing of what is right of it.
      const drawn = stripVTControlCharacters(seen.replaceAll('\u001b[0K', '\n')).split('\n')
      assert.ok(
        drawn.some((line) => /^ +50 % .* left$/.test(line)),
        seen,
      )
      assert.ok(
        drawn.some((line) => /^ +kept 1,000 \(40 %\) {2}failed 3/.test(line)),
        seen,
      )
      for (const line of drawn) assert.ok(line.length < columns, `${line.length}: ${line}`)
      assert.ok(!seen.includes('\u001b[2J'))
      assert.ok(terminal.text.endsWith('\u001b[0J'), 'nothing of it stays')
    })

  test('has no colours when NO_COLOR is set', (t) => {
    const before = process.env.NO_COLOR
    t.after(() => {
      if (before === undefined) delete process.env.NO_COLOR
      else process.env.NO_COLOR = before
    })
    delete process.env.NO_COLOR
    const terminal = new Terminal(80) as Terminal & NodeJS.WriteStream
    assert.notEqual(openScreen(terminal).paint.good('kept'), 'kept')
    process.env.NO_COLOR = '1'
    assert.equal(openScreen(terminal).paint.good('kept'), 'kept')
  })
})

describe('lines elsewhere', () => {
  test('come every few seconds', (t) => {
    let now = 0
    t.mock.method(performance, 'now', () => now)
    const lines: string[] = []
    const progress = new ProgressLines((line) => lines.push(line))
    progress.take(planned)
    now = 1000
    progress.take(bundle)
    now = 10_000
    progress.take(bundle)
    assert.deepEqual(lines, [
      'reading 5,000 rows (80.0 MB) of 0 files\n',
      '100 %, 5,000 of 5,000 rows, 500 rows/s, 8.00 MB/s, 12.3 M tokens/s, kept 1,000 (40 %), dropped 1,497, failed 3, 0.0 s left\n',
    ])
  })
})
