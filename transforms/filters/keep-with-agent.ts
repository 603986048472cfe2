import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'
import type { Trajectory } from '../trajectory.ts'

/** Keeps trajectories in which the agent says or does something: from any other, nothing can be learnt. */
export const keepWithAgent = defineFilter({
  module: import.meta.url,
  name: 'keepWithAgent',
  options: z.strictObject({}),
  reads: ['trajectory'],
  open:
    () =>
    ({ trajectory }: { readonly trajectory: Trajectory }) =>
      trajectory.turns.some(({ kind }) => kind === 'agent')
        ? null
        : { reason: 'no_agent', value: null, threshold: null },
})
