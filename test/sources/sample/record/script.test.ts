import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEdits, Script } from '../../../../sources/sample/record/script.ts'

test('blank lines separate turns, and calls of one turn are parallel', () => {
  const script = new Script('Look.\n@view a.py\n@view b.py 3 9\n\n$ make test\n')
  assert.deepEqual(script.turns('openhands', 0), [
    {
      prose: 'Look.',
      calls: [
        { kind: 'view', path: 'a.py' },
        { kind: 'view', path: 'b.py', lines: [3, 9] },
      ],
    },
    { prose: '', calls: [{ kind: 'bash', command: 'make test' }] },
  ])
})

test('blank lines inside a command or an edit belong to it', () => {
  const script = new Script('$$\ncat <<EOF\n\nEOF\n$$\n\n@edit a\n<<<<\nx\n\n====\ny\n>>>>\n')
  assert.deepEqual(
    script.turns('openhands', 0).flatMap(({ calls }) => calls),
    [
      { kind: 'bash', command: 'cat <<EOF\n\nEOF' },
      { kind: 'replace', path: 'a', before: 'x\n\n', after: 'y\n' },
    ],
  )
})

test('takes go through the wordings in turn', () => {
  const script = new Script('one\ntwo\n~ three\n$ true\n')
  const prose = [0, 1, 2].map((take) => script.turns('sweagent', take)[0]!.prose)
  assert.deepEqual(prose, ['one\ntwo', 'three', 'one\ntwo'])
})

test('a turn can be repeated, or be for one harness', () => {
  const script = new Script('x3\n$ make\n\n?openhands\n@think Hm.\n')
  assert.equal(script.turns('openhands', 0).length, 4)
  assert.equal(script.turns('sweagent', 0).length, 3)
})

test('raw arguments stay as they are written', () => {
  const [turn] = new Script('@raw bash {"command": "ls\n').turns('sweagent', 0)
  assert.deepEqual(turn!.calls, [{ kind: 'raw', tool: 'bash', arguments: '{"command": "ls' }])
})

test('a fix that does anything but edit is an error', () => {
  assert.throws(() => readEdits('$ rm -r .\n'), /a fix only edits/)
})

test('a script that ends inside a block is an error', () => {
  assert.throws(() => new Script('@create a\n<<<<\ntext\n'), /ends inside a block/)
})
