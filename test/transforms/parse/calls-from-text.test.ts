import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callsFromText } from '../../../transforms/parse/calls-from-text.ts'

const commands = (text: string): unknown[] =>
  callsFromText(text).map(({ name, arguments: args }) => {
    assert.equal(name, 'bash')
    return JSON.parse(args).command
  })

test('a fence marked bash is a call of bash, and its text the command', () => {
  assert.deepEqual(commands('THOUGHT: look around\n\n```bash\nls -la\ncat a.txt\n```'), ['ls -la\ncat a.txt'])
  assert.deepEqual(commands('```sh\na\n```\nand\n```bash\nb\n```'), ['a', 'b'])
  assert.deepEqual(commands('```bash\n```'), [''])
})

test('fences in other languages are no calls, and next to a bash fence an unmarked one is none either', () => {
  assert.deepEqual(commands('```python\nprint()\n```'), [])
  assert.deepEqual(commands('```python\nx = 1\n```\n```bash\nrun\n```\n```\noutput\n```'), ['run'])
})

test('of unmarked fences the last is the action', () => {
  assert.deepEqual(commands('Like this:\n```\nexample\n```\nNow:\n```\nopen a.py 12\n```'), ['open a.py 12'])
})

test('a fence within a line, or one that does not close, is no call', () => {
  assert.deepEqual(commands('use ```bash\nls``` here'), [])
  assert.deepEqual(commands('```bash\nls'), [])
})

test('function tags become calls with their parameters, without the line breaks next to the tags', () => {
  const text =
    'I look.\n<function=str_replace_editor>\n<parameter=command>view</parameter>\n' +
    '<parameter=path>\n/a b/c.py\n</parameter>\n</function>'
  assert.deepEqual(callsFromText(text), [
    { name: 'str_replace_editor', arguments: '{"command":"view","path":"/a b/c.py"}' },
  ])
})

test('a function tag that the stop word cut off is still a call', () => {
  assert.deepEqual(callsFromText('<function=finish>\n<parameter=message>done</parameter>\n'), [
    { name: 'finish', arguments: '{"message":"done"}' },
  ])
})

test('a parameter named __proto__ is an argument like any other', () => {
  const [call] = callsFromText('<function=f><parameter=__proto__>x</parameter></function>')
  assert.equal(call?.arguments, '{"__proto__":"x"}')
})

test('tool_call tags hold JSON; what is not JSON is kept as it is', () => {
  assert.deepEqual(
    callsFromText(
      '<tool_call>\n{"name": "bash", "arguments": {"command": "ls"}}\n</tool_call>' +
        '<tool_call>{"name": "bash", "arguments": "{\\"command\\": 1}"}</tool_call><tool_call> {oops </tool_call>',
    ),
    [
      { name: 'bash', arguments: '{"command":"ls"}' },
      { name: 'bash', arguments: '{"command": 1}' },
      { name: '', arguments: '{oops' },
    ],
  )
})

test("SWE-agent's command tags and ACTION labels are read", () => {
  assert.deepEqual(commands('Open it.\n<command>\nopen a.py\n</command>'), ['open a.py'])
  assert.deepEqual(commands('THOUGHT: list\nACTION: ls -F\nsrc\nOBSERVATION: a'), ['ls -F\nsrc'])
  assert.deepEqual(commands('the ACTION: is in mid-line'), [])
})

test('text without any call has none', () => {
  assert.deepEqual(callsFromText(''), [])
  assert.deepEqual(callsFromText('I am done. The fix is in `a.py`.'), [])
})

test('fifty thousand openers without a closer are read', () => {
  for (const opener of [
    '```bash\n',
    '```\n',
    '<function=f>',
    '<parameter=p>',
    '<tool_call>',
    '<command>',
    '\nACTION:',
  ]) {
    assert.ok(callsFromText(opener.repeat(50_000)).length <= 50_000)
  }
  assert.equal(callsFromText(`<function=f>${'<parameter=p>'.repeat(50_000)}</function>`).length, 1)
})

test('JSON nested a million deep in a tool_call is refused, not a crash', () => {
  const [call] = callsFromText(`<tool_call>${'['.repeat(1_000_000)}</tool_call>`)
  assert.equal(call?.name, '')
})
