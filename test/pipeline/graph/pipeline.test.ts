import assert from 'node:assert/strict'
import { test } from 'node:test'
import { create, flatten, map, type PCollection, Pipeline, PlanError } from '../../../pipeline/index.ts'
import { addSquare, keepEven, numbers } from '../fixtures/numbers.ts'

const namesOf = (pipeline: Pipeline) => pipeline.nodes.map(({ name }) => name)

test('step names are unique and depend on the order of building alone', () => {
  const build = () => {
    const pipeline = new Pipeline()
    const rows = pipeline
      .apply(numbers({ count: 1 }))
      .apply(addSquare({}))
      .apply(addSquare({}))
    rows.apply(map((row) => row)).apply(map((row) => row))
    return namesOf(pipeline)
  }
  assert.deepEqual(build(), ['numbers', 'addSquare', 'addSquare-2', 'Map', 'Map-2'])
  assert.deepEqual(build(), build())
})

test('a step named like the second of another gets a name of its own', () => {
  const pipeline = new Pipeline()
  const given = pipeline.apply(create([1]))
  for (const name of ['Map', 'Map-2', 'Map']) pipeline.add(name, { kind: 'flatten' }, [given], ['output'])
  assert.deepEqual(namesOf(pipeline), ['Create', 'Map', 'Map-2', 'Map-3'])
})

test('a name given to apply prefixes the steps of a composite', () => {
  const both = (rows: PCollection<{ id: string; n: number }>) => rows.apply(addSquare({})).apply(keepEven({}))
  const pipeline = new Pipeline()
  pipeline
    .apply(numbers({ count: 1 }))
    .apply('clean', both)
    .apply('again', both)
  assert.deepEqual(namesOf(pipeline), [
    'numbers',
    'clean/addSquare',
    'clean/keepEven',
    'again/addSquare',
    'again/keepEven',
  ])
})

test('building runs nothing', () => {
  let calls = 0
  const pipeline = new Pipeline()
  pipeline.apply(create([1])).apply(map(() => calls++))
  assert.equal(calls, 0)
})

test('collections of two pipelines do not mix', () => {
  const one = new Pipeline('one').apply(create([1]))
  const two = new Pipeline('two').apply(create([1]))
  assert.throws(
    () => flatten([one, two]),
    new PlanError("step 'Flatten' takes a collection of another pipeline ('two')"),
  )
})

test('options are checked when the step is made', () => {
  assert.throws(() => numbers({ count: 1.5 }), /expected int/i)
})
