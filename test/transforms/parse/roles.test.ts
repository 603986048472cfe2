import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRole } from '../../../transforms/parse/roles.ts'
import { RowError } from '../../../transforms/parse/row-error.ts'

test('the names that other datasets give the roles are read', () => {
  const aliases = { human: 'user', ai: 'assistant', gpt: 'assistant', function: 'tool', environment: 'tool' }
  for (const [alias, role] of Object.entries(aliases)) assert.equal(readRole(alias, 0), role)
  for (const role of ['system', 'user', 'assistant', 'tool']) assert.equal(readRole(role, 0), role)
})

test('a role that is missing or unknown is an error that names the member and what was found', () => {
  for (const [found, words] of [
    [null, 'missing'],
    [undefined, 'missing'],
    ['', 'missing'],
    ['exit', '"exit"'],
    ['constructor', '"constructor"'],
  ] as const) {
    assert.throws(
      () => readRole(found, 3),
      (error: unknown) => {
        assert.ok(error instanceof RowError)
        assert.deepEqual(
          [error.code, error.field, error.found],
          ['ROW_UNREADABLE', 'messages[3].role', words],
        )
        return true
      },
    )
  }
})
