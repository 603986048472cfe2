import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import {
  CancelledError,
  create,
  map,
  Pipeline,
  parDo,
  runLocal,
  StepError,
  UsageError,
} from '../../../pipeline/index.ts'
import { filesBelow, RUNNERS, temporaryFolder } from '../../support/runners.ts'
import { harmThread, recordLife, waitForSignal } from '../fixtures/lifecycle.ts'
import { numbers, writeLines } from '../fixtures/numbers.ts'

type Moment = 'setup' | 'startBundle' | 'process' | 'finishBundle' | 'teardown'

for (const [name, run] of Object.entries(RUNNERS)) {
  const recorded = async (t: TestContext, throwIn?: Moment) => {
    const directory = await temporaryFolder(t)
    const log = path.join(await temporaryFolder(t), 'log')
    const pipeline = new Pipeline()
    pipeline
      .apply(numbers({ count: 4 }))
      .apply(recordLife({ log, as: 'it', ...(throwIn && { throwIn }) }))
      .output.apply(map((n) => n))
    pipeline.apply(numbers({ count: 1 })).apply(writeLines({ file: 'lines' }))
    const outcome = await run(pipeline, { directory }).then(
      () => null,
      (error: unknown) => error,
    )
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n')
    return { outcome, moments: lines.map((line) => line.split(' ')[1]), left: await filesBelow(directory) }
  }

  describe(`the life of a step, ${name}`, () => {
    test('goes from setup over its bundles to teardown, in every thread that had one', async (t) => {
      const { outcome, moments } = await recorded(t)
      assert.equal(outcome, null)
      const count = (moment: Moment) => moments.filter((each) => each === moment).length
      assert.ok(count('setup') >= 1)
      assert.equal(count('teardown'), count('setup'))
      assert.equal(count('finishBundle'), count('startBundle'))
      assert.equal(moments.at(-1), 'teardown')
    })

    for (const moment of ['setup', 'startBundle', 'process', 'finishBundle', 'teardown'] as const)
      test(`ends the run by its name when it throws in ${moment}, and nothing is left`, async (t) => {
        const { outcome, left } = await recorded(t, moment)
        assert.ok(outcome instanceof StepError, String(outcome))
        assert.match(outcome.message, new RegExp(`'recordLife'.*boom in ${moment}`))
        assert.deepEqual(left, [])
      })
  })

  describe(`cancelling, ${name}`, () => {
    for (const where of ['write', 'commit'] as const)
      test(`reaches a sink that waits in ${where}`, { timeout: 20_000 }, async (t) => {
        const directory = await temporaryFolder(t)
        const pipeline = new Pipeline()
        pipeline.apply(numbers({ count: 4 })).apply(waitForSignal({ in: where }))
        const signal = AbortSignal.timeout(1_000)
        await assert.rejects(run(pipeline, { directory, signal }), CancelledError)
        assert.deepEqual(await filesBelow(directory), [])
      })

    test('counts until the commit, also while a closure works', async (t) => {
      const pipeline = new Pipeline()
      const abort = new AbortController()
      pipeline
        .apply(create([1, 2, 3]))
        .apply(
          parDo({
            process(n: number, output) {
              abort.abort()
              output.emit(n)
            },
          }),
        )
        .apply(map((n) => n))
      const directory = await temporaryFolder(t)
      await assert.rejects(run(pipeline, { directory, signal: abort.signal }), CancelledError)
    })
  })
}

test('a thread that dies, or makes what can not be copied, fails the run by file and rows', async (t) => {
  for (const [how, why] of [
    ['exit', /code: 7/],
    ['function', /copied between threads/],
  ] as const) {
    const pipeline = new Pipeline()
    const made = pipeline.apply(numbers({ count: 4 })).apply(harmThread({ how })).output
    made.apply(map((value) => value))
    await assert.rejects(runLocal(pipeline, { directory: await temporaryFolder(t), workers: 1 }), (error) => {
      assert.ok(error instanceof StepError, String(error))
      assert.match(error.message, /^a worker failed over .*, rows 0 to \d+: /)
      assert.match(error.message, why)
      return true
    })
  }
})

test('a number of workers that is none is refused before anything is opened', async (t) => {
  for (const workers of [0, 1.5, Number.NaN])
    await assert.rejects(
      runLocal(new Pipeline(), { directory: await temporaryFolder(t), workers }),
      UsageError,
    )
})
