import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { compare } from '../../../pipeline/bench/compare.ts'
import { drawBench } from '../../../pipeline/cli/draw-bench.ts'
import { drawComparison } from '../../../pipeline/cli/draw-comparison.ts'
import { columnsOf } from '../../../pipeline/cli/safe-text.ts'
import { openScreen } from '../../../pipeline/cli/screen.ts'
import { benchReportOf } from '../bench/report.ts'

const { paint } = openScreen(process.stdout)
const report = benchReportOf()

function linesAt(room: number): string[] {
  const screen = { room, paint }
  const comparison = drawComparison(compare(report, benchReportOf({ sluice: '0.2.0' })), {
    screen,
    file: '/a/folder/of/a/long/name/and/another/folder/in/it/before.json',
    isShown: () => true,
  })
  return stripVTControlCharacters(drawBench(report, { screen, chosen: null }) + comparison).split('\n')
}

describe('the tables of a measurement', () => {
  for (const room of [120, 100, 80, 60, 50, 40])
    test(`fit a terminal of ${room} columns`, () => {
      assert.deepEqual(
        linesAt(room).filter((line) => columnsOf(line) > room),
        [],
      )
    })

  test('say at any width what takes how long, what bounds it and how it scales', () => {
    for (const room of [Number.POSITIVE_INFINITY, 80, 40]) {
      const text = linesAt(room).join('\n')
      assert.match(text, /^ {2}countTokens +40 % .*240/m)
      assert.match(text, /^ {2}readTraces .*decompression$/m)
      assert.match(text, /^ +2 +2\.80 k/m)
      assert.match(text, /^ {2}countTok\S* .*1\.000/m)
    }
  })

  test('have units over every column', () => {
    const text = linesAt(120).join('\n')
    assert.match(text, /share +µs\/row +quartiles +rows\/s +tokens\/s$/m)
    assert.match(text, /bytes\/row +bytes\/s +made\/row +garbage +on CPU +of limit +bound by$/m)
    assert.match(
      text,
      /workers +rows\/s +× +each +busy +on CPU +queued +committing +bytes\/s +tokens\/s +least – most +bound by$/m,
    )
  })

  test('show a name of the user that could order the terminal about as what it is', () => {
    const stages = report.stages.map((stage) => (stage.isOwn ? { ...stage, name: 'a\u001b[31mb' } : stage))
    const text = drawBench(benchReportOf({ stages }), { screen: { room: 100, paint }, chosen: null })
    assert.ok(text.includes('a\\x1b[31mb'))
  })
})
