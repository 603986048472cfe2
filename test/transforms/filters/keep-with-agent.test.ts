import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StepContext } from '../../../pipeline/index.ts'
import { keepWithAgent } from '../../../transforms/filters/keep-with-agent.ts'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import { agent, row, system, user } from '../parse/rows.ts'

test('a trajectory in which the agent never speaks teaches nothing', () => {
  const face = keepWithAgent.definition.open({}, {} as StepContext) as { judge(row: object): unknown }
  const judge = (...messages: Parameters<typeof row>[0] & object) =>
    face.judge({ trajectory: parseTrajectory(row(messages), { path: '' }) })
  assert.equal(judge(user('u'), agent('')), null)
  assert.deepEqual(judge(system('s'), user('u')), { reason: 'no_agent', value: null, threshold: null })
})
