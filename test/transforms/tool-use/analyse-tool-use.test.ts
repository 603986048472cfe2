import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import { analyseToolUse } from '../../../transforms/tool-use/analyse-tool-use.ts'
import type { ToolUse } from '../../../transforms/tool-use/tool-use.ts'
import type { Message } from '../../../transforms/trajectory.ts'
import { agent, bash, call, row, tool, user } from '../parse/rows.ts'

const analyse = (...messages: Message[]): ToolUse =>
  analyseToolUse(parseTrajectory(row([user('fix it'), ...messages]), { path: '' }))

/** A run of shell commands in mini-swe-agent's form: [command, exit code, output]. */
function shellRun(...steps: readonly [string, number, string?][]): ToolUse {
  return analyse(
    ...steps.flatMap(([command, returncode, output = '']) => [
      agent('', bash(command)),
      tool(JSON.stringify({ returncode, output })),
    ]),
  )
}

const editor = (command: string): Message[] => [
  agent('', call('str_replace_editor', { command, path: '/a.py' })),
  tool('done'),
]

test('calls are counted by tool and by what they do', () => {
  const use = analyse(
    ...['view', 'create', 'str_replace', 'insert', 'undo_edit'].flatMap(editor),
    agent('', call('execute_bash', { command: 'pytest' }), call('execute_bash', { command: 'ls' })),
    agent(
      '',
      call('think', { thought: 'sed -i' }),
      call('open', { path: 'a' }),
      call('find_file', { file_name: 'a' }),
    ),
  )
  assert.deepEqual(
    [...use.callsPerTool],
    [
      ['str_replace_editor', 5],
      ['execute_bash', 2],
      ['think', 1],
      ['open', 1],
      ['find_file', 1],
    ],
  )
  assert.deepEqual(use.callsPerAction, { other: 1, read: 3, search: 1, git: 0, build: 0, edit: 4, test: 1 })
  assert.deepEqual([use.distinctTools, use.shellCalls], [5, 2])
})

test('entropy is 0 for one tool and log2 of their number for tools used alike', () => {
  assert.equal(shellRun(['ls', 0], ['ls', 0]).toolEntropyBits, 0)
  assert.equal(analyse(agent('', ...['a', 'b', 'c', 'd'].map((name) => call(name, {})))).toolEntropyBits, 2)
  assert.equal(analyse(agent('done')).toolEntropyBits, 0)
})

test('test runs are counted after the last edit', () => {
  assert.equal(shellRun(['pytest', 0], ['pytest', 0]).testRunsAfterLastEdit, 2)
  assert.equal(shellRun(['pytest', 0], ["sed -i 's/a/b/' a", 0], ['pytest', 0]).testRunsAfterLastEdit, 1)
  assert.equal(shellRun(['pytest', 0], ["sed -i 's/a/b/' a", 0]).testRunsAfterLastEdit, 0)
  assert.equal(shellRun(["sed -i 's/a/b/' a && pytest", 0], ['ls', 0]).testRunsAfterLastEdit, 1)
  assert.equal(shellRun(['pytest', 0], ['pytest; echo x > a', 0]).testRunsAfterLastEdit, 0)
  assert.equal(shellRun(['pytest; echo x > a; pytest', 0]).testRuns, 1)
})

test('what git or a move changes in the files is untested like an edit', () => {
  for (const command of [
    'git checkout a.py',
    'git stash',
    'git reset --hard',
    'mv a.py b.py',
    'cp x/a.py a.py',
  ]) {
    const use = shellRun(['pytest', 0], [command, 0])
    assert.deepEqual([use.testRuns, use.testRunsAfterLastEdit, use.callsPerAction.edit], [1, 0, 0], command)
    assert.equal(shellRun(['pytest', 0], [`${command} && pytest`, 0]).testRunsAfterLastEdit, 1, command)
    assert.equal(shellRun(['pytest', 0], [`pytest; ${command}`, 0]).testRunsAfterLastEdit, 0, command)
  }
  for (const command of ['git diff', 'git stash list', 'cp a.py /tmp/a.py', 'rm reproduce.py'])
    assert.equal(shellRun(['pytest', 0], [command, 0]).testRunsAfterLastEdit, 1, command)
})

test('tests before finishing need an end that the agent chose', () => {
  const tested = [agent('', bash('pytest')), tool('{"returncode": 0, "output": ""}')]
  assert.equal(analyse(...tested).testedBeforeFinishing, false)
  assert.equal(analyse(...tested, agent('', call('finish', {}))).testedBeforeFinishing, true)
  assert.equal(analyse(agent('', call('finish', {}))).testedBeforeFinishing, false)
})

test('failing then passing is told by the exit code where that is the test program', () => {
  assert.equal(shellRun(['pytest', 1], ['pytest', 0]).failedThenPassed, true)
  assert.equal(shellRun(['pytest', 0], ['pytest', 1]).failedThenPassed, false)
  assert.equal(shellRun(['cd a && pytest && echo ok', 1], ['pytest', 0]).failedThenPassed, true)
})

test('in a pipe the summary tells, and without one nothing does', () => {
  assert.equal(
    shellRun(['pytest | tail -1', 0, '1 failed, 2 passed in 1s\n'], ['pytest', 0]).failedThenPassed,
    true,
  )
  assert.equal(shellRun(['pytest | tail -1', 0, 'nothing'], ['pytest', 0]).failedThenPassed, false)
  assert.equal(shellRun(['pytest | grep x', 1, ''], ['pytest', 0]).failedThenPassed, false)
  assert.equal(shellRun(['pytest; true', 0, '1 failed in 1s\n'], ['pytest', 0]).failedThenPassed, true)
})

test('without exit codes the summary tells the outcome, and a failing run is an error', () => {
  const use = analyse(
    agent('', bash('pytest')),
    tool('OBSERVATION:\n=== 1 failed in 0.1s ==='),
    agent('', bash('pytest')),
    tool('OBSERVATION:\n=== 1 passed in 0.1s ==='),
  )
  assert.deepEqual([use.failedThenPassed, use.errorObservations, use.recoveries], [true, 1, 1])
})

test('a test run that never started is neither a run nor failing, but still a call of the kind test', () => {
  for (const [command, code, output] of [
    ['pytest', 127, 'bash: line 1: pytest: command not found\n'],
    ['./test', 126, 'bash: ./test: Permission denied\n'],
    ['python -m pytest', 1, '/usr/bin/python: No module named pytest\n'],
    ['pytest nope', 4, 'ERROR: file or directory not found: nope\n'],
    ['coverage run -m pytest -k nope', 5, '=== 3 deselected in 0.1s ===\n'],
    ['pytest 2>&1 | tail -3', 0, 'bash: line 1: pytest: command not found\n'],
    ['ponyc a.pony -o . && ./test', 127, 'bash: ponyc: command not found\n'],
    ['cd /nope && pytest', 1, 'bash: line 1: cd: /nope: No such file or directory\n'],
  ] as const) {
    const use = shellRun([command, code, output], ['ls', 0])
    assert.deepEqual([use.callsPerAction.test, use.testRuns, use.testRunsAfterLastEdit], [1, 0, 0], command)
    assert.equal(use.errorObservations, 1, command)
    assert.equal(shellRun([command, code, output], ['pytest', 0]).failedThenPassed, false, command)
  }
  const finished = analyse(
    agent('', bash('pytest')),
    tool('{"returncode": 127, "output": ""}'),
    agent('', call('finish', {})),
  )
  assert.equal(finished.testedBeforeFinishing, false)
})

test('a run is one where a summary shows it, whatever could not be started beside it', () => {
  assert.equal(
    shellRun(['pytest && nope', 127, '3 passed in 1s\nbash: nope: command not found\n']).testRuns,
    1,
  )
  const use = shellRun(['python -m unittest', 5, 'no tests ran'], ['pytest', 0])
  assert.deepEqual([use.testRuns, use.failedThenPassed], [2, true])
})

test('a failing test run is an error also where a pipe hides its exit code', () => {
  const use = shellRun(
    ['pytest 2>&1 | tail -3', 0, '2 failed, 3 passed in 1s\n'],
    ['pytest 2>&1 | tail -3', 0, '5 passed in 1s\n'],
  )
  assert.deepEqual([use.errorObservations, use.recoveries, use.failedThenPassed], [1, 1, true])
})

test('repeated calls are those equal to an earlier one, byte for byte', () => {
  const use = shellRun(['ls', 0], ['ls', 0], ['ls', 0], ['pwd', 0], ['ls', 0], ['ls ', 0])
  assert.deepEqual([use.repeatedCalls, use.longestRepeat], [3, 3])
  assert.deepEqual([shellRun(['a', 0]).longestRepeat, analyse(agent('done')).longestRepeat], [1, 0])
})

test('an error is recovered from when a later call of the same kind succeeds', () => {
  assert.equal(shellRun(['python a.py', 1], ['python b.py', 2], ['python a.py', 0]).recoveries, 2)
  assert.equal(shellRun(['python a.py', 1], ['ls', 0]).recoveries, 0)
  const open = shellRun(['make', 2], ['make', 0], ['make', 2])
  assert.deepEqual([open.errorObservations, open.recoveries], [2, 1])
})

test('looks into the future of the history are counted by call', () => {
  assert.equal(
    shellRun(['git log --all; git fetch', 0], ['git show HEAD', 0], ['git reflog', 0]).historyLooks,
    2,
  )
})

test('the counts of any run add up', () => {
  const command = fc.constantFrom(
    'ls',
    'pytest',
    'sed -i s/a/b/ c',
    'git log --all',
    'make',
    'grep a b',
    './run',
    '{',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(command, fc.integer({ min: 0, max: 2 })), { maxLength: 30 }), (steps) => {
      const use = shellRun(...steps)
      const sum = (numbers: Iterable<number>): number =>
        [...numbers].reduce((total, number) => total + number, 0)
      assert.equal(sum(use.callsPerTool.values()), steps.length)
      assert.equal(sum(Object.values(use.callsPerAction)), steps.length)
      assert.equal(use.testRuns, use.callsPerAction.test)
      assert.ok(use.testRunsAfterLastEdit <= use.testRuns)
      assert.ok(use.recoveries <= use.errorObservations && use.errorObservations <= steps.length)
      assert.equal(use.repeatedCalls, steps.length - new Set(steps.map(([text]) => text)).size)
      assert.ok(use.longestRepeat <= use.repeatedCalls + 1)
    }),
  )
})
