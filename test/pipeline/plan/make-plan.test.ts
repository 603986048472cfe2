import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  combineGlobally,
  create,
  map,
  outcomes,
  Pipeline,
  PlanError,
  parDo,
} from '../../../pipeline/index.ts'
import { makePlan } from '../../../pipeline/plan/make-plan.ts'
import { readTraces } from '../../../sources/read-traces.ts'
import { parseTrajectories } from '../../../transforms/parse/parse-trajectories.ts'
import {
  addSquare,
  keepEven,
  keepLargest,
  numbers,
  readWrongly,
  sumOf,
  writeLines,
} from '../fixtures/numbers.ts'

const placesOf = (pipeline: Pipeline) =>
  Object.fromEntries(makePlan(pipeline).nodes.map(({ name, place }) => [name, place]))

describe('where steps run', () => {
  test('named steps fuse with their source; a closure stays on the main thread with all that follows', () => {
    const pipeline = new Pipeline()
    const rows = pipeline.apply(numbers({ count: 1 })).apply(addSquare({}))
    rows.apply(map((row) => row)).apply(keepEven({}))
    rows.apply(writeLines({ file: 'x' }))
    assert.deepEqual(placesOf(pipeline), {
      numbers: 'worker',
      addSquare: 'worker',
      Map: 'main',
      keepEven: 'main',
      writeLines: 'worker',
    })
  })

  test('what follows a Combine runs at the end', () => {
    const pipeline = new Pipeline()
    const total = pipeline.apply(numbers({ count: 1 })).apply(combineGlobally(sumOf({ of: 'n' })))
    total.apply(map((sum) => sum + 1))
    assert.deepEqual(placesOf(pipeline), { numbers: 'worker', sumOf: 'worker', Map: 'end' })
  })

  test('a Create and what follows run on the main thread', () => {
    const pipeline = new Pipeline()
    pipeline.apply(create([{ id: 'a', n: 1 }])).apply(addSquare({}))
    assert.deepEqual(placesOf(pipeline), { Create: 'main', addSquare: 'main' })
  })
})

describe('what can not be planned says so', () => {
  const rows = () => new Pipeline().apply(numbers({ count: 1 }))
  const refuses = (pipeline: Pipeline, message: RegExp) =>
    assert.throws(
      () => makePlan(pipeline),
      (error) => error instanceof PlanError && message.test(error.message),
    )

  test('a filter after a selection', () => {
    const { pipeline } = rows()
      .apply(keepLargest({ count: 1 }))
      .apply(keepEven({}))
    refuses(pipeline, /^filter 'keepEven' follows a selection.*: apply it before the selection$/)
  })

  test('a DoFn after a selection', () => {
    const selected = rows()
      .apply(keepLargest({ count: 1 }))
      .apply(outcomes)
    selected.kept.apply(parDo({ process: () => {} }))
    refuses(selected.kept.pipeline, /^step 'ParDo' follows a selection/)
  })

  test('a step that reads what the rows do not have, with what was probably meant', () => {
    const traces = () => new Pipeline().apply(readTraces({ from: ['data'] }))
    refuses(
      traces().apply(readWrongly({ reads: 'metadata.categry' })).pipeline,
      /^'readWrongly' reads 'metadata\.categry', which 'readTraces' does not have and no step before it adds; did you mean 'metadata\.category'\?$/,
    )
    const parsedAfter = traces()
      .apply(readWrongly({ reads: 'turns' }))
      .apply(parseTrajectories({}))
    refuses(parsedAfter.pipeline, /no step before it adds/)
    makePlan(
      traces()
        .apply(parseTrajectories({}))
        .apply(readWrongly({ reads: 'turns' })).pipeline,
    )
  })

  test('two selections', () => {
    const { pipeline } = rows()
      .apply(keepLargest({ count: 1 }))
      .apply(keepLargest({ count: 1 }))
    refuses(pipeline, /one selection: 'keepLargest-2' is the second/)
  })

  test('a selection after a closure', () => {
    const { pipeline } = rows()
      .apply(map((row) => row))
      .apply(keepLargest({ count: 1 }))
    refuses(pipeline, /selection 'keepLargest' must follow named steps alone/)
  })
})
