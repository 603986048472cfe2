import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { leafPaths, list, number, project, string, struct } from '../../../pipeline/batch/schema.ts'

const schema = struct({
  id: string({ aliases: ['key'] }),
  turns: list(struct({ role: string(), calls: list(struct({ name: string() })) }), { aliases: ['messages'] }),
  turn_count: number(),
})

describe('a schema', () => {
  test('names its leaves by dotted path with the lists around them', () => {
    assert.deepEqual(
      leafPaths(schema).map(({ path, lists }) => [path, ...lists]),
      [['id'], ['turns.role', 'turns'], ['turns.calls.name', 'turns', 'turns.calls'], ['turn_count']],
    )
  })

  test('is narrowed to leaves and subtrees, in its own order and with its aliases', () => {
    const narrow = project(schema, ['turns.role', 'id'])
    assert.deepEqual(
      narrow,
      struct({
        id: string({ aliases: ['key'] }),
        turns: list(struct({ role: string() }), { aliases: ['messages'] }),
      }),
    )
    assert.deepEqual(project(schema, ['turns']).fields.turns, schema.fields.turns)
    assert.deepEqual(project(schema, []), struct({}))
    assert.deepEqual(Object.keys(project(schema, ['turn']).fields), [], 'a name is not a prefix of letters')
  })
})
