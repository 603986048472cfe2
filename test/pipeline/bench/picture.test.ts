import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { drawPicture } from '../../../pipeline/bench/picture/draw-picture.ts'
import { powers, ticks } from '../../../pipeline/bench/picture/svg.ts'
import type { BenchReport } from '../../../pipeline/bench/report.ts'
import { benchReportOf, stageReport } from './report.ts'

/** The elements of a picture; throws where one is not closed. */
function elementsOf(svg: string): { readonly name: string; readonly attributes: Record<string, string> }[] {
  const elements: { name: string; attributes: Record<string, string> }[] = []
  const open: string[] = []
  for (const [, end, name = '', written = '', single] of svg.matchAll(
    /<(\/?)([a-z]+)((?: [\w:]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (end) {
      assert.equal(open.pop(), name)
      continue
    }
    const attributes = Object.fromEntries(
      [...written.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    )
    elements.push({ name, attributes })
    if (!single) open.push(name)
  }
  assert.deepEqual(open, [])
  assert.equal(svg.match(/</g)!.length, svg.match(/<\/?[a-z]+[^<>]*>/g)!.length)
  return elements
}

describe('the picture of a measurement', () => {
  test('is well formed, needs nothing else, and has a dark form', () => {
    const svg = drawPicture(benchReportOf(), null)
    const elements = elementsOf(svg)
    assert.equal(elements[0]!.name, 'svg')
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|href|url\(|@import|<script/)
    assert.match(svg, /prefers-color-scheme:dark/)
  })

  test('keeps everything inside its edges', () => {
    const few = benchReportOf({ stages: benchReportOf().stages.slice(0, 1) })
    const extreme = benchReportOf({
      stages: [
        stageReport({ name: 'a', nanosecondsPerRow: 0.5, touchedBytesPerRow: 1, roofline: null, share: 0.5 }),
        stageReport({ name: 'b', nanosecondsPerRow: 9e9, touchedBytesPerRow: 8e7, share: 0.5 }),
      ],
      limits: { memoryBytesPerSecond: 12e9, decompression: [] },
    })
    const many: BenchReport['stages'] = Array.from({ length: 40 }, (_, at) =>
      stageReport({ name: `step${at}` }),
    )
    for (const report of [benchReportOf(), few, extreme, benchReportOf({ stages: many })]) {
      const elements = elementsOf(drawPicture(report, null))
      const [width, height] = ['width', 'height'].map((name) => Number(elements[0]!.attributes[name]))
      for (const { name, attributes } of elements)
        for (const [key, value] of Object.entries(attributes)) {
          if (!/^(x|y|x1|x2|y1|y2|cx|cy|width|height)$/.test(key)) continue
          const most = /x|width/.test(key) ? width! : height!
          const place = `${name} ${key}=${value} of ${most}`
          assert.ok(Number(value) >= -0.05 && Number(value) <= most + 0.05, place)
        }
    }
  })

  test('writes what a name holds as text', () => {
    const named = stageReport({ name: '<b>&"', isOwn: true })
    const svg = drawPicture(benchReportOf({ stages: [...benchReportOf().stages, named] }), null)
    assert.ok(svg.includes('&lt;b&gt;&amp;&quot;'))
    elementsOf(svg)
  })

  test('numbers the stages of the bars, and each dot of the roofline has one of them', () => {
    const report = benchReportOf()
    const svg = drawPicture(report, null)
    const numbers = [...svg.matchAll(/class="number[^"]*">(\d+)</g)].map(([, number]) => Number(number))
    const shown = report.stages.filter(({ name }) => svg.includes(`>${name}`)).length
    assert.ok(shown >= 4)
    for (const number of numbers) assert.ok(number >= 1 && number <= shown)
    assert.equal(new Set(numbers).size, shown)
  })

  test('has round amounts at its axes', () => {
    assert.deepEqual(ticks(817), [0, 200, 400, 600, 800])
    assert.deepEqual(ticks(0), [0])
    assert.deepEqual(powers(8, 1200), [10, 100, 1000])
  })
})
