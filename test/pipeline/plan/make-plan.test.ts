import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  combineGlobally,
  create,
  flatten,
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
  spread,
  sumOf,
  writeLines,
} from '../fixtures/numbers.ts'

import { addToJson, lazyRows, passOn } from '../fixtures/rows.ts'

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

describe('which branches get marks of their own', () => {
  const forksOf = (pipeline: Pipeline) =>
    Object.fromEntries(makePlan(pipeline).nodes.map(({ name, forks }) => [name, forks]))

  test('those that a step changes, where another takes the same rows', () => {
    const pipeline = new Pipeline()
    const rows = pipeline.apply(numbers({ count: 1 })).apply(addSquare({}))
    flatten([rows, rows]).apply(keepEven({}))
    rows.apply(writeLines({ file: 'x' }))
    assert.deepEqual(forksOf(pipeline), {
      numbers: [],
      addSquare: [false],
      Flatten: [true, true],
      keepEven: [false],
      writeLines: [false],
    })
  })

  test('the outputs of outcomes are the same rows', () => {
    const pipeline = new Pipeline()
    const { kept, dropped } = pipeline.apply(numbers({ count: 1 })).apply(outcomes)
    kept.apply(keepEven({}))
    dropped.apply(writeLines({ file: 'x' }))
    assert.deepEqual(forksOf(pipeline), {
      numbers: [],
      outcomes: [false],
      keepEven: [true],
      writeLines: [false],
    })
  })
})

test('what a source has and nobody reads is known to its rows', () => {
  const { pipeline } = new Pipeline()
    .apply(readTraces({ from: ['data'] }))
    .apply(readWrongly({ reads: 'metadata.category' }))
  const [read] = makePlan(pipeline).nodes
  assert.ok(read?.kind === 'read')
  assert.ok(read.layout.unread?.includes('messages'))
  assert.ok(!read.layout.unread?.some((name) => name === 'metadata' || name === 'metadata.category'))
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

  test('a step that reads what only another branch adds', () => {
    const traces = new Pipeline().apply(readTraces({ from: ['data'] }))
    traces.apply(parseTrajectories({}))
    refuses(traces.apply(readWrongly({ reads: 'turns' })).pipeline, /reads 'turns'.* no step before it adds/)
  })

  test('a row member that every row has as a method', () => {
    const pipeline = new Pipeline()
    pipeline.apply(lazyRows({ count: 1 })).apply(addToJson({}))
    refuses(pipeline, /^the rows of 'lazyRows' can't have a member 'toJSON'/)
  })

  test('a selection of other elements than the rows of a source', () => {
    const crossed = rows()
      .apply(spread({}))
      .output.apply(map((n) => ({ n })))
    refuses(crossed.apply(keepLargest({ count: 1 })).pipeline, /must follow named steps alone/)
    const passed = new Pipeline()
      .apply(lazyRows({ count: 1 }))
      .apply(passOn({}))
      .output.apply(keepLargest({ count: 1 }))
    refuses(passed.pipeline, /^selection 'keepLargest' .*'passOn' before it makes other elements/)
    const given = rows()
    const joined = flatten([given, given.apply(addSquare({}))]).apply(keepLargest({ count: 1 }))
    refuses(joined.pipeline, /'Flatten' before it joins several branches of one: apply the selection before/)
  })

  test('a record of rows whose refused ones stayed in the workers', () => {
    const marked = rows().apply(keepEven({}))
    const other = marked.pipeline.apply(create([{ id: 'a', n: 1 }]))
    flatten([marked, other]).apply(outcomes)
    refuses(
      marked.pipeline,
      /^'outcomes' follows 'Flatten', where rows cross .*: apply outcomes to 'keepEven'/,
    )

    const { kept } = rows().apply(keepEven({})).apply(outcomes)
    flatten([kept, kept.pipeline.apply(create([{ id: 'a', n: 1 }]))]).apply(outcomes)
    makePlan(kept.pipeline)
  })

  test('rows that cross without their outcome', () => {
    const { dropped } = rows().apply(keepEven({})).apply(outcomes)
    const other = dropped.pipeline.apply(create([{ id: 'a', n: 1 }]))
    flatten([dropped, other])
    refuses(
      dropped.pipeline,
      /^'Flatten' takes 'outcomes\.dropped' where its rows cross .* with a map first$/,
    )
    const mapped = rows()
      .apply(keepEven({}))
      .apply(outcomes)
      .dropped.apply(map(({ n }) => n))
    flatten([mapped, mapped.pipeline.apply(create([1]))])
    makePlan(mapped.pipeline)
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
