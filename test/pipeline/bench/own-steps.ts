/** Steps whose costs are known, for measuring them. */
import { setTimeout } from 'node:timers/promises'
import { defineTransform } from 'trace-sluice'
import { z } from 'zod'

const MILLISECONDS = 4

/** Keeps the processor busy with every row. */
export const busyStep = defineTransform({
  module: import.meta.url,
  name: 'busyStep',
  options: z.strictObject({}),
  reads: [],
  adds: { busy: { type: 'int32', unit: 'turns', doc: 'turns taken' } },
  open: () => ({
    row: () => {
      let turns = 0
      for (const end = performance.now() + MILLISECONDS; performance.now() < end; ) turns++
      return { busy: turns }
    },
  }),
})

/** Sleeps over every row. */
export const sleepyStep = defineTransform({
  module: import.meta.url,
  name: 'sleepyStep',
  options: z.strictObject({}),
  reads: [],
  adds: { slept: { type: 'int32', unit: 'ms', doc: 'milliseconds slept' } },
  open: () => ({
    row: async () => {
      await setTimeout(MILLISECONDS)
      return { slept: MILLISECONDS }
    },
  }),
})

/** slots of the array that `greedyStep` makes for a row */
export const SLOTS = 50_000

/** Makes a large array for every row. */
export const greedyStep = defineTransform({
  module: import.meta.url,
  name: 'greedyStep',
  options: z.strictObject({}),
  reads: ['messages.content'],
  adds: { made: { type: 'int32', unit: 'slots', doc: 'slots made' } },
  open: () => ({ row: () => ({ made: new Array(SLOTS).fill(1).length }) }),
})

/** Fails over every row. */
export const failingStep = defineTransform({
  module: import.meta.url,
  name: 'failingStep',
  options: z.strictObject({}),
  reads: [],
  adds: { never: { type: 'int32', unit: '', doc: 'nothing' } },
  open: () => ({
    row: (): { never: number } => {
      throw new Error('no')
    },
  }),
})
