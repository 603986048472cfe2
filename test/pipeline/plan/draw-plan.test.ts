import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { combineGlobally, defineFilter, filter, map, outcomes, Pipeline } from '../../../pipeline/index.ts'
import { drawMermaid } from '../../../pipeline/plan/draw-mermaid.ts'
import { drawPlan } from '../../../pipeline/plan/draw-plan.ts'
import { makePlan } from '../../../pipeline/plan/make-plan.ts'
import {
  addSquare,
  keepEven,
  keepLargest,
  type NumberRow,
  numbers,
  sumOf,
  writeLines,
} from '../fixtures/numbers.ts'

function selecting(): Pipeline {
  const pipeline = new Pipeline('squares')
  const rows = pipeline
    .apply(numbers({ count: 1 }))
    .apply(addSquare({}))
    .apply(keepEven({}))
  const { kept } = rows.apply(keepLargest({ count: 3 })).apply(outcomes)
  kept.apply(writeLines({ file: 'x', columns: ['n', 'square'] }))
  kept.apply(combineGlobally(sumOf({ of: 'n' })))
  return pipeline
}

describe('a plan as text', () => {
  test('says where each step runs, what it reads and adds, and what waits for the choice', () => {
    const pipeline = selecting()
    assert.equal(
      drawPlan(makePlan(pipeline), pipeline, { width: 80 }),
      `squares
measure all: every readable row is measured, whatever a filter says of it

Worker threads: one fused stage, a bundle at a time
  numbers      source
  addSquare    measures
      reads  n
      adds   square
  keepEven     filter
      reads  n
  keepLargest  selection: gathers what it needs to choose
      reads  n
  outcomes     tells kept, dropped and failed rows apart
  writeLines   sink  ← outcomes.kept
      columns  n square
  sumOf        combines  ← outcomes.kept
      reads  n square

Committer thread: bundles in the order of the source
      chooses  keepLargest, when all bundles are in; until then the encoded rows
               wait on disk
      joins    writeLines
      gathers  sumOf

End: once all bundles are done
      results  sumOf`,
    )
  })

  test('shows closures on the main thread, and what follows a Combine at the end', () => {
    const pipeline = new Pipeline('closures')
    const rows = pipeline.apply(numbers({ count: 1 })).apply(filter(({ n }) => n > 1))
    rows.apply(combineGlobally(sumOf({ of: 'n' }))).apply(map((sum) => sum + 1))
    const text = drawPlan(makePlan(pipeline), pipeline, { width: 80 })
    assert.match(text, /^Main thread: .*\n {2}Filter {2}closure {2}← numbers$/m)
    assert.match(text, /^At the end, on what was combined\n {2}Map {2}closure {2}← sumOf$/m)
  })

  test('keeps to the width, but for words that are longer', () => {
    const pipeline = selecting()
    const lines = drawPlan(makePlan(pipeline), pipeline, { width: 50 }).split('\n')
    const details = lines.filter((line) => line.startsWith('      '))
    assert.ok(details.every((line) => line.length <= 50))
  })
})

test('a plan as a Mermaid flowchart has a box for each place, what each step reads, and an arrow for each collection that is taken', () => {
  const pipeline = selecting()
  assert.equal(
    drawMermaid(makePlan(pipeline), pipeline),
    `flowchart TD
  subgraph in_worker["worker threads: one fused stage"]
    step0[("numbers")]
    step1["addSquare<br/>reads n"]
    step2{{"keepEven<br/>reads n"}}
    step3{"keepLargest<br/>reads n"}
    step4["outcomes"]
    step6(["sumOf<br/>reads n square"])
  end
  subgraph in_committer["committer thread"]
    step5[/"writeLines<br/>columns n square"/]
  end
  step0 --> step1
  step1 --> step2
  step2 --> step3
  step3 --> step4
  step4 -->|kept| step5
  step4 -->|kept| step6`,
  )
})

test('a plan as a Mermaid flowchart spells out what Mermaid would read as its own', () => {
  const pipeline = new Pipeline('quotes')
  const member = 'say "hi" #1 <b>'
  const keepOdd = defineFilter({
    module: import.meta.url,
    name: 'keepOdd',
    options: z.object({}),
    reads: [member],
    open: () => (_: NumberRow) => null,
  })
  pipeline.apply(numbers({ count: 1 })).apply(keepOdd({}))
  assert.match(
    drawMermaid(makePlan(pipeline), pipeline),
    /\{\{"keepOdd<br\/>reads say #quot;hi#quot; #35;1 #lt;b#gt;"\}\}$/m,
  )
})
