import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, test } from 'node:test'
import {
  CancelledError,
  combineBy,
  combineGlobally,
  combinePerKey,
  create,
  filter,
  flatMap,
  flatten,
  map,
  type Output,
  outcomes,
  Pipeline,
  parDo,
  partition,
  StepError,
  tag,
} from '../../../pipeline/index.ts'
import { filesBelow, RUNNERS, temporaryFolder } from '../../support/runners.ts'
import {
  addSquare,
  answerWrongly,
  keepBelow,
  keepEven,
  keepLargest,
  type NumberRow,
  numbers,
  spread,
  sumOf,
  writeLines,
} from '../fixtures/numbers.ts'

const sum = {
  createAccumulator: () => 0,
  addInput: (total: number, n: number) => total + n,
  mergeAccumulators: (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0),
  extractOutput: (total: number) => total,
}

/** Keeps the elements in the order they came. */
const inOrder = <T>() => ({
  createAccumulator: (): T[] => [],
  addInput: (list: T[], element: T) => [...list, element],
  mergeAccumulators: (parts: readonly T[][]) => parts.flat(),
  extractOutput: (list: T[]) => list,
})

for (const [name, run] of Object.entries(RUNNERS)) {
  describe(name, () => {
    test('takes everything back when the records of the run can not be written', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      pipeline.apply(numbers({ count: 5 })).apply(writeLines({ file: 'lines' }))
      const before: string[][] = []
      const finish = async () => {
        before.push(await filesBelow(directory))
        throw new Error('no space is left')
      }
      await assert.rejects(run(pipeline, { directory, finish }), /no space is left/)
      assert.ok(before[0]!.includes('lines'))
      assert.deepEqual(await filesBelow(directory), [])
    })

    test('a filter that answers neither null nor a refusal ends the run, and is told what to answer', async (t) => {
      for (const [answers, shown] of [
        ['true', /answered true; a filter answers null/],
        ['promise', /answered Promise/],
      ] as const) {
        const pipeline = new Pipeline()
        pipeline
          .apply(numbers({ count: 5 }))
          .apply(answerWrongly({ answers }))
          .apply(writeLines({ file: 'x' }))
        await assert.rejects(run(pipeline, { directory: await temporaryFolder(t) }), shown)
      }
    })

    test('closures map, flat-map, filter and partition the elements of a Create', async (t) => {
      const pipeline = new Pipeline()
      const given = pipeline.apply(create([1, 2, 3, 4, 5]))
      const doubled = given.apply(map((n) => 2 * n)).apply(filter((n) => n > 2))
      const twice = doubled.apply(flatMap((n) => [n, n])).apply(combineGlobally(inOrder<number>()))
      const [even, odd] = given.apply(partition(2, (n) => n % 2))
      const evens = even!.apply(combineGlobally(sum))
      const odds = odd!.apply(combineGlobally(sum))
      const result = await run(pipeline, { directory: await temporaryFolder(t) })
      assert.deepEqual(result.elements(twice), [[4, 4, 6, 6, 8, 8, 10, 10]])
      assert.deepEqual([...result.elements(evens), ...result.elements(odds)], [6, 9])
    })

    test('a DoFn runs its whole life and sends elements to typed tags', async (t) => {
      const life: string[] = []
      const big = tag<string>()('big')
      const pipeline = new Pipeline()
      const outputs = pipeline.apply(create([1, 20, 3])).apply(
        parDo(
          {
            setup: () => void life.push('setup'),
            startBundle: () => void life.push('startBundle'),
            async process(n: number, output: Output<number, number, { big: string }>) {
              life.push('process')
              if (n > 10) output.to('big', `big ${n}`)
              else output.emit(n)
            },
            finishBundle: (output) => {
              life.push('finishBundle')
              output.emit(100)
            },
            teardown: () => void life.push('teardown'),
          },
          [big],
        ),
      )
      const small = outputs.output.apply(combineGlobally(inOrder<number>()))
      const large = outputs.big.apply(combineGlobally(inOrder<string>()))
      const result = await run(pipeline, { directory: await temporaryFolder(t) })
      assert.deepEqual(result.elements(small), [[1, 3, 100]])
      assert.deepEqual(result.elements(large), [['big 20']])
      assert.deepEqual(life, [
        'setup',
        'startBundle',
        'process',
        'process',
        'process',
        'finishBundle',
        'teardown',
      ])
    })

    test('a named DoFn runs in the workers; refused and failed elements leave by their own tags', async (t) => {
      const pipeline = new Pipeline()
      const { output, third, dropped, failed } = pipeline
        .apply(numbers({ count: 10, perBundle: 4 }))
        .apply(spread({}))
      const emitted = output.apply(combineGlobally(inOrder<number>()))
      const thirds = third.apply(combineGlobally(inOrder<number>()))
      const refused = dropped.apply(map(({ reason, value }) => `${reason} ${value}`))
      const broken = failed.apply(map(({ field, message }) => `${field}: ${message}`))
      const said = flatten([refused, broken]).apply(combineGlobally(inOrder<string>()))
      const result = await run(pipeline, { directory: await temporaryFolder(t) })
      assert.deepEqual(result.elements(emitted), [[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 6, 6, 8, 8, 9, 9]])
      assert.deepEqual(result.elements(thirds), [[0, 3, 6, 9]])
      assert.deepEqual(result.elements(said), [['five 5', 'n: seven is not welcome']])
    })

    test('Combines run globally, per key and by a column, and what follows them runs at the end', async (t) => {
      const pipeline = new Pipeline()
      const rows = pipeline.apply(numbers({ count: 25 })).apply(addSquare({}))
      const total = rows.apply(combineGlobally(sumOf({ of: 'square' })))
      const next = total.apply(map((n) => n + 1)).apply(combineGlobally(sum))
      const perKey = rows
        .apply(map(({ n }) => [n % 2 ? 'odd' : 'even', n] as const))
        .apply(combinePerKey(sum))
      const byId = rows.apply(keepBelow({ limit: 3 })).apply(combineBy('id', sumOf({ of: 'n' })))
      const none = rows.apply(keepBelow({ limit: 0 })).apply(combineGlobally(sumOf({ of: 'n' })))
      const result = await run(pipeline, { directory: await temporaryFolder(t) })
      assert.deepEqual(result.elements(total), [4900])
      assert.deepEqual(result.elements(next), [4901])
      assert.deepEqual(result.elements(perKey), [
        ['even', 156],
        ['odd', 144],
      ])
      assert.deepEqual(result.elements(byId), [
        ['row-0', 0],
        ['row-1', 1],
        ['row-2', 2],
      ])
      assert.deepEqual(result.elements(none), [0])
    })

    test('filters mark: every row is kept, dropped or failed, once, for the first reason', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      const { every, kept, dropped, failed, measured } = pipeline
        .apply(numbers({ count: 23 }))
        .apply(keepEven({}))
        .apply(addSquare({ failOn: 3 }))
        .apply(keepBelow({ limit: 12 }))
        .apply(outcomes)
      kept.apply(writeLines({ file: 'kept' }))
      every.apply(
        writeLines({ file: 'every', columns: ['n', 'square', 'verdict', 'step', 'reason', 'source_row'] }),
      )
      const counts = {
        kept: kept.apply(combineGlobally(sumOf({ of: 'n' }))),
        dropped: dropped.apply(combineGlobally(sumOf({ of: 'square' }))),
        measured: measured.apply(combineGlobally(sumOf({ of: 'n' }))),
      }
      const errors = failed.apply(map(({ error, error_field }) => `${error_field}: ${error}`))
      const listed = errors.apply(combineGlobally(inOrder<string>()))
      const result = await run(pipeline, { directory })
      assert.deepEqual(result.tallies, {
        outcomes: { rows: 23, kept: 6, failed: 1, dropped: { odd: 10, too_large: 6 } },
      })
      assert.deepEqual(result.elements(counts.kept), [30])
      assert.deepEqual(result.elements(counts.measured), [(22 * 23) / 2 - 3])
      assert.deepEqual(result.elements(listed), [['n: n is 3']])
      const text = await readFile(path.join(directory, 'every'), 'utf8')
      const [firstBundle] = text.split('\n').filter((line) => line.startsWith('['))
      const rows = JSON.parse(firstBundle!)
      assert.deepEqual(rows[1], {
        n: 1,
        square: 1,
        verdict: 'dropped',
        step: 'keepEven',
        reason: 'odd',
        source_row: 1,
      })
      assert.deepEqual(rows[3], {
        n: 3,
        square: null,
        verdict: 'failed',
        step: 'addSquare',
        reason: null,
        source_row: 3,
      })
      assert.deepEqual(rows[4], {
        n: 4,
        square: 16,
        verdict: 'kept',
        step: null,
        reason: null,
        source_row: 4,
      })
    })

    test('under measure kept, rows that a filter refused are measured no further', async (t) => {
      const pipeline = new Pipeline()
      const rows = pipeline
        .apply(numbers({ count: 10 }))
        .apply(keepEven({}))
        .apply(addSquare({}))
      rows.apply(combineGlobally(sumOf({ of: 'square' })))
      const result = await run(pipeline, { directory: await temporaryFolder(t), measure: 'kept' })
      const step = result.steps.find(({ name }) => name === 'addSquare')!
      assert.equal(step.metrics.counters.squares, 5)
      assert.deepEqual(step.metrics.distributions.square, { count: 5, sum: 120, min: 0, max: 64 })
    })

    test('a branch that marks leaves its sibling alone', async (t) => {
      const pipeline = new Pipeline()
      const rows = pipeline.apply(numbers({ count: 10 }))
      const even = rows.apply(keepEven({})).apply(combineGlobally(sumOf({ of: 'n' })))
      const small = rows.apply(keepBelow({ limit: 3 })).apply(combineGlobally(sumOf({ of: 'n' })))
      const all = rows.apply(combineGlobally(sumOf({ of: 'n' })))
      const result = await run(pipeline, { directory: await temporaryFolder(t) })
      assert.deepEqual(
        [even, small, all].flatMap((each) => result.elements(each)),
        [20, 3, 45],
      )
    })

    test('a selection sees all rows first, and what follows it sees the rows it kept', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      const { every, kept, dropped } = pipeline
        .apply(numbers({ count: 35 }))
        .apply(keepEven({}))
        .apply(keepLargest({ count: 3 }))
        .apply(addSquare({}))
        .apply(outcomes)
      kept.apply(writeLines({ file: 'kept', columns: ['n', 'square', 'verdict'] }))
      dropped.apply(writeLines({ file: 'dropped', columns: ['n', 'reason', 'threshold'] }))
      every.apply(writeLines({ file: 'every', columns: ['verdict'] }))
      const total = kept.apply(combineGlobally(sumOf({ of: 'square' })))
      const result = await run(pipeline, { directory })
      assert.deepEqual(result.tallies.outcomes, {
        rows: 35,
        kept: 3,
        failed: 0,
        dropped: { not_among_largest: 15, odd: 17 },
      })
      assert.deepEqual(result.elements(total), [30 ** 2 + 32 ** 2 + 34 ** 2])
      assert.equal(
        await readFile(path.join(directory, 'kept'), 'utf8'),
        '{"id":"row-30","n":30,"square":900}\n{"id":"row-32","n":32,"square":1024}\n{"id":"row-34","n":34,"square":1156}\n--\n' +
          '[{"n":30,"square":900,"verdict":"kept"},{"n":32,"square":1024,"verdict":"kept"},{"n":34,"square":1156,"verdict":"kept"}]\n',
      )
      const droppedText = await readFile(path.join(directory, 'dropped'), 'utf8')
      assert.match(droppedText, /\{"n":28,"reason":"not_among_largest","threshold":30\}/)
      assert.equal(droppedText.match(/"reason"/g)?.length, 32)
      assert.deepEqual(await filesBelow(directory), ['dropped', 'every', 'kept'])
    })

    test('named steps, closures and sources flow together', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      const low = pipeline.apply(numbers({ count: 3 }))
      const more = pipeline.apply('more', numbers({ count: 2 }))
      const rows = flatten([low, more]).apply(addSquare({}))
      rows.apply(map(({ n, square }) => ({ n, more: square + 1 }))).apply(writeLines({ file: 'lines' }))
      const result = await run(pipeline, { directory })
      assert.equal(
        await readFile(path.join(directory, 'lines'), 'utf8'),
        '{"n":0,"more":1}\n{"n":1,"more":2}\n{"n":2,"more":5}\n--\n{"n":0,"more":1}\n{"n":1,"more":2}\n--\n',
      )
      assert.equal(result.rows, 5)
    })

    test('a limit counts the rows of all sources', async (t) => {
      const pipeline = new Pipeline()
      const rows = flatten([pipeline.apply(numbers({ count: 7 })), pipeline.apply(numbers({ count: 7 }))])
      const total = rows.apply(combineGlobally(sumOf({ of: 'n' })))
      const result = await run(pipeline, { directory: await temporaryFolder(t), limit: 9 })
      assert.deepEqual(result.elements(total), [21 + 1])
      assert.equal(result.rows, 9)
    })

    test('a bug in a step ends the run, names step, file and row, and leaves nothing', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      const rows = pipeline.apply(numbers({ count: 30 })).apply(addSquare({ crashOn: 17 }))
      rows.apply(writeLines({ file: 'lines' }))
      await assert.rejects(run(pipeline, { directory }), (error: unknown) => {
        assert(error instanceof StepError)
        assert.equal(error.message, "step 'addSquare' failed at numbers, row 17: 17 is too much")
        assert.deepEqual(error.where, { step: 'addSquare', file: 'numbers', row: 17 })
        return true
      })
      assert.deepEqual(await filesBelow(directory), [])
    })

    test('a failing sink ends the run and leaves nothing', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      const rows = pipeline.apply(numbers({ count: 30 }))
      rows.apply(writeLines({ file: 'good' }))
      rows.apply(writeLines({ file: 'bad', crashOn: 2 }))
      await assert.rejects(run(pipeline, { directory }), /disk on fire/)
      assert.deepEqual(await filesBelow(directory), [])
    })

    test('a sink that fails to commit takes back what the others have committed', async (t) => {
      const directory = await temporaryFolder(t)
      const pipeline = new Pipeline()
      const rows = pipeline.apply(numbers({ count: 30 }))
      rows.apply(writeLines({ file: 'good' }))
      rows.apply(writeLines({ file: 'bad', failCommit: true }))
      await assert.rejects(run(pipeline, { directory }), /no room to commit/)
      assert.deepEqual(await filesBelow(directory), [])
    })

    test('an abort ends the run and leaves nothing', async (t) => {
      const directory = await temporaryFolder(t)
      const abort = new AbortController()
      const pipeline = new Pipeline()
      pipeline.apply(numbers({ count: 10_000 })).apply(writeLines({ file: 'lines' }))
      let bundles = 0
      const onEvent = ({ event }: { event: string }) => {
        if (event === 'bundle' && ++bundles === 3) abort.abort(new Error('enough'))
      }
      await assert.rejects(run(pipeline, { directory, signal: abort.signal, onEvent }), CancelledError)
      assert(bundles < 1000)
      assert.deepEqual(await filesBelow(directory), [])
    })
  })
}

test('every runner writes the same bytes', async (t) => {
  const texts = new Set<string>()
  for (const run of Object.values(RUNNERS)) {
    const directory = await temporaryFolder(t)
    const pipeline = new Pipeline()
    const rows = pipeline.apply(numbers({ count: 500, perBundle: 7 })).apply(addSquare({ failOn: 100 }))
    const { every, kept } = rows
      .apply(keepEven({}))
      .apply(keepLargest({ count: 40 }))
      .apply(outcomes)
    every.apply(writeLines({ file: 'every', columns: ['n', 'verdict', 'reason'] }))
    kept.apply(writeLines({ file: 'kept' }))
    await run(pipeline, { directory })
    const files = ['every', 'kept'].map((file) => readFile(path.join(directory, file), 'utf8'))
    texts.add((await Promise.all(files)).join('='))
  }
  assert.equal(texts.size, 1)
})

test('rows cross to a closure as plain copies', async (t) => {
  const seen: NumberRow[] = []
  const pipeline = new Pipeline()
  pipeline
    .apply(numbers({ count: 3 }))
    .apply(addSquare({}))
    .apply(map((row) => seen.push(row)))
  await RUNNERS['local, 1 worker']!(pipeline, { directory: await temporaryFolder(t) })
  assert.deepEqual(seen[2], { id: 'row-2', n: 2, square: 4 })
})
