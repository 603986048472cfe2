import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import {
  combineGlobally,
  create,
  flatten,
  map,
  outcomes,
  type PCollection,
  Pipeline,
  parDo,
  RowError,
  StepError,
} from '../../../pipeline/index.ts'
import { RUNNERS, temporaryFolder } from '../../support/runners.ts'
import { addSquare, keepBelow, keepEven, numbers, writeLines } from '../fixtures/numbers.ts'
import { bracket, label, lazyRows, listOf, passOn, readUndeclared, wrapEven } from '../fixtures/rows.ts'

/** rows; the bundles have three */
const BATCH_SIZES = [1, 2, 3]

type Run = (typeof RUNNERS)[string]

async function elementsOf(
  t: TestContext,
  run: Run,
  build: (pipeline: Pipeline) => PCollection<unknown>,
): Promise<unknown> {
  const pipeline = new Pipeline()
  const list = build(pipeline).apply(combineGlobally(listOf({})))
  const result = await run(pipeline, { directory: await temporaryFolder(t) })
  return result.elements(list)[0]
}

async function filesOf(
  t: TestContext,
  run: Run,
  build: (pipeline: Pipeline) => void,
): Promise<(name: string) => Promise<string>> {
  const directory = await temporaryFolder(t)
  const pipeline = new Pipeline()
  build(pipeline)
  await run(pipeline, { directory })
  return (name) => readFile(path.join(directory, name), 'utf8')
}

for (const [name, run] of Object.entries(RUNNERS)) {
  describe(name, () => {
    test('what a DoFn emits when its bundle starts and ends reaches the steps after it', async (t) => {
      const named = await elementsOf(
        t,
        run,
        (pipeline) => pipeline.apply(numbers({ count: 4, perBundle: 2 })).apply(bracket({})).output,
      )
      assert.deepEqual(named, [-1, 0, 1, -2, -1, 2, 3, -2])
      const crossed = await elementsOf(t, run, (pipeline) =>
        pipeline
          .apply(numbers({ count: 2 }))
          .apply(bracket({}))
          .output.apply(map((n) => n * 10)),
      )
      assert.deepEqual(crossed, [-10, 0, 10, -20])
    })

    test('rows inside of values, and of what a DoFn refused or failed, cross as plain copies', async (t) => {
      const pipeline = new Pipeline()
      const { output, dropped, failed } = pipeline
        .apply(lazyRows({ count: 4, perBundle: 2 }))
        .apply(wrapEven({ failOn: 3 }))
      const said = flatten([
        output.apply(map(({ rows }) => `kept ${rows[0]!.id}`)),
        dropped.apply(map(({ element, reason }) => `${reason} ${element.id}`)),
        failed.apply(map(({ element, message }) => `${message}: ${element.id}`)),
      ]).apply(combineGlobally(listOf({})))
      const result = await run(pipeline, { directory: await temporaryFolder(t) })
      assert.deepEqual(result.elements(said), [['kept id-0', 'odd id-1', 'kept id-2', 'n is 3: id-3']])
    })

    test('a row that a DoFn passes on keeps its members when a step adds to it', async (t) => {
      const read = await filesOf(t, run, (pipeline) =>
        pipeline
          .apply(lazyRows({ count: 2 }))
          .apply(passOn({}))
          .output.apply(addSquare({}))
          .apply(writeLines({ file: 'x' })),
      )
      assert.equal(await read('x'), '{"id":"id-0","n":0,"square":0}\n{"id":"id-1","n":1,"square":1}\n--\n')
    })

    test('an accumulator that holds a row ends the run', async (t) => {
      const holding = elementsOf(t, run, (pipeline) => pipeline.apply(lazyRows({ count: 2 })))
      await assert.rejects(holding, (error: unknown) => {
        assert(error instanceof StepError)
        assert.match(error.message, /^the accumulator of 'listOf' holds a row/)
        return true
      })
    })

    test('a Combine that throws names itself, the file and the row', async (t) => {
      const pipeline = new Pipeline()
      const fail = (_: number[], { n }: { readonly n: number }): number[] => {
        throw new Error(`no place for ${n}`)
      }
      const fn = {
        createAccumulator: () => [],
        addInput: fail,
        mergeAccumulators: () => [],
        extractOutput: () => 0,
      }
      pipeline.apply(lazyRows({ count: 2 })).apply(combineGlobally(fn))
      await assert.rejects(
        run(pipeline, { directory: await temporaryFolder(t) }),
        /^StepError: step 'CombineGlobally' failed at rows, row 0: no place for 0$/,
      )
    })

    test('a member that no step declared to read says so', async (t) => {
      const pipeline = new Pipeline()
      pipeline.apply(lazyRows({ count: 2 })).apply(readUndeclared({}))
      await assert.rejects(
        run(pipeline, { directory: await temporaryFolder(t) }),
        /'id' was not read: declare it in the step's reads/,
      )
    })

    test('a RowError ends the run where nobody takes what failed', async (t) => {
      const refuse = (n: number): number => {
        if (n === 2) throw new RowError('', 'two')
        return n
      }
      const vanishing = elementsOf(t, run, (pipeline) => pipeline.apply(create([1, 2])).apply(map(refuse)))
      await assert.rejects(vanishing, /^StepError: step 'Map' failed at .*row 1: two$/)
      const routed = await elementsOf(t, run, (pipeline) => {
        const process = (n: number) => void refuse(n)
        return pipeline.apply(create([1, 2])).apply(parDo({ process }, [])).failed
      })
      assert.deepEqual(routed, [{ element: 2, field: '', message: 'two' }])
    })

    for (const perBatch of BATCH_SIZES) {
      describe(`batches of ${perBatch}`, () => {
        const given = (pipeline: Pipeline) => pipeline.apply(lazyRows({ count: 6, perBundle: 3, perBatch }))

        test('a flatten orders by source row, then by input, and gives twice what it is given twice', async (t) => {
          const joined = await elementsOf(t, run, (pipeline) => {
            const rows = given(pipeline)
            const [a, b] = [rows.apply(label({ as: 'a' })).output, rows.apply(label({ as: 'b' })).output]
            return flatten([b, a, b])
          })
          assert.deepEqual(
            joined,
            [0, 1, 2, 3, 4, 5].flatMap((n) => [`b${n}`, `a${n}`, `b${n}`]),
          )
        })

        test('a flatten keeps the starts and ends of bundles in their place', async (t) => {
          const joined = await elementsOf(t, run, (pipeline) => {
            const rows = given(pipeline)
            return flatten<number | string>([
              rows.apply(bracket({})).output,
              rows.apply(label({ as: 'b' })).output,
            ])
          })
          assert.deepEqual(joined, [-1, 0, 'b0', 1, 'b1', 2, 'b2', -2, -1, 3, 'b3', 4, 'b4', 5, 'b5', -2])
        })

        test('a flatten of closures and values of the program does so too', async (t) => {
          const joined = await elementsOf(t, run, (pipeline) => {
            const rows = given(pipeline)
            return flatten([
              rows.apply(map(({ n }) => `a${n}`)),
              rows.apply(map(({ n }) => `b${n}`)),
              pipeline.apply(create(['c'])),
            ])
          })
          assert.deepEqual(joined, [...[0, 1, 2, 3, 4, 5].flatMap((n) => [`a${n}`, `b${n}`]), 'c'])
        })

        test('a flatten of outcomes gives each row as its input shows it', async (t) => {
          const read = await filesOf(t, run, (pipeline) => {
            const { kept, dropped } = given(pipeline).apply(keepEven({})).apply(outcomes)
            flatten([dropped, kept]).apply(writeLines({ file: 'x', columns: ['n', 'verdict'] }))
          })
          const verdicts = [...(await read('x')).matchAll(/"n":(\d),"verdict":"(\w+)"/g)].map(
            ([, n, verdict]) => `${n} ${verdict}`,
          )
          assert.deepEqual(verdicts, ['0 kept', '1 dropped', '2 kept', '3 dropped', '4 kept', '5 dropped'])
        })

        test('the record of a flatten has the rows that a branch refused', async (t) => {
          const pipeline = new Pipeline()
          const rows = given(pipeline)
          flatten([rows.apply(keepEven({})), rows.apply(keepBelow({ limit: 5 }))]).apply(outcomes)
          const result = await run(pipeline, { directory: await temporaryFolder(t) })
          assert.deepEqual(result.tallies.outcomes, {
            rows: 12,
            kept: 8,
            failed: 0,
            dropped: { odd: 3, too_large: 1 },
          })
        })

        test('marks and columns of one output of outcomes stay out of the others', async (t) => {
          const read = await filesOf(t, run, (pipeline) => {
            const { every, kept, dropped, failed } = given(pipeline).apply(outcomes)
            kept
              .apply(addSquare({ failOn: 3 }))
              .apply(keepEven({}))
              .apply(writeLines({ file: 'kept' }))
            every.apply(writeLines({ file: 'every', columns: ['verdict'] }))
            dropped.apply(writeLines({ file: 'dropped' }))
            failed.apply(writeLines({ file: 'failed', columns: ['n'] }))
          })
          assert.match(
            await read('kept'),
            /"n":0,"square":0\}\n\{"n":2,"square":4\}\n.*\n\{"n":4,"square":16\}/,
          )
          assert.equal((await read('every')).match(/"verdict":"kept"/g)?.length, 6)
          assert.equal((await read('every')).match(/"square":null/g)?.length, 6)
          assert.equal(await read('dropped'), '')
          assert.equal(await read('failed'), '')
        })

        test('marks behind a flatten stay out of the branches beside it', async (t) => {
          const read = await filesOf(t, run, (pipeline) => {
            const rows = given(pipeline)
            flatten([rows])
              .apply(keepBelow({ limit: 1 }))
              .apply(writeLines({ file: 'a', columns: ['n'] }))
            flatten([rows, rows])
              .apply(keepBelow({ limit: 1 }))
              .apply(writeLines({ file: 'b', columns: ['n'] }))
            rows.apply(writeLines({ file: 'c', columns: ['n'] }))
          })
          const rowsIn = async (file: string) => (await read(file)).match(/^\{/gm)?.length
          assert.deepEqual([await rowsIn('a'), await rowsIn('b'), await rowsIn('c')], [1, 2, 6])
        })
      })
    }
  })
}
