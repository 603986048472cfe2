import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTxtar } from '../../../../sources/sample/record/txtar.ts'

test('an archive is a comment and files', () => {
  const { comment, files } = readTxtar(
    'about\n-- a/b.txt --\none\n\ntwo\n-- empty --\n-- c --\n-- not a mark\n',
  )
  assert.equal(comment, 'about\n')
  assert.deepEqual(
    [...files],
    [
      ['a/b.txt', 'one\n\ntwo\n'],
      ['empty', ''],
      ['c', '-- not a mark\n'],
    ],
  )
})

test('a path that occurs twice is an error', () => {
  assert.throws(() => readTxtar('-- a --\n1\n-- a --\n2\n'), /a occurs twice/)
})
