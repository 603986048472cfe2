import type { Attempt, Bug, Take } from './bug.ts'
import { Chance } from './chance.ts'
import { applyEdits } from './editor.ts'
import { habitNames, withHabits } from './habits.ts'
import type { Harness } from './harness/harness.ts'
import { minisweagent } from './harness/minisweagent.ts'
import { openhands } from './harness/openhands.ts'
import { sweagent } from './harness/sweagent.ts'
import { quirks } from './quirks.ts'
import { type Message, patchOf, type Row, type ToolCall } from './row.ts'
import { Sandbox } from './sandbox.ts'
import type { Turn } from './script.ts'

const harnesses: Record<string, Harness> = { openhands, sweagent, minisweagent }

/** Marks of a take that are neither habits nor quirks. */
const options = new Set(['thinking', 'ungraded', 'old-layout', 'keeps-reference'])

/** One run to record: which bug, which attempt, which take of it. */
export interface Recording {
  readonly bug: Bug
  readonly attempt: Attempt
  readonly take: Take
  readonly takeNumber: number
}

/** All takes of a bug in the order of its archive. Throws on a mark that means nothing. */
export function recordingsOf(bug: Bug): Recording[] {
  return bug.attempts.flatMap((attempt) =>
    attempt.takes.map((take, takeNumber) => {
      for (const mark of take.marks)
        if (!options.has(mark) && !habitNames.has(mark) && !quirks[mark])
          throw new Error(`${bug.instanceId}, ${attempt.name}: what is "${mark}"?`)
      return { bug, attempt, take, takeNumber }
    }),
  )
}

/** Executes every step of the run in a fresh repository, grades its patch, and returns the row. */
export function record({ bug, attempt, take, takeNumber }: Recording): Row {
  const harness = harnesses[take.harness]
  if (!harness) throw new Error(`${bug.instanceId}: no harness ${take.harness}`)
  const chance = new Chance([bug.instanceId, attempt.name, take.harness, takeNumber].join('/'))
  const thinking = take.marks.has('thinking')
  const turns = withHabits(attempt.script.turns(harness.name, takeNumber), take.marks, bug, chance)

  using sandbox = new Sandbox(bug, harness.place(bug))
  const messages = converse(harness, bug, sandbox, turns, thinking, chance)
  const patch = sandbox.patch()

  const passes = grade(bug, patch)
  if (passes !== attempt.passes)
    throw new Error(
      `${bug.instanceId}, ${attempt.name}: its patch ${passes ? 'passes' : 'fails'}, which is not what its author expects`,
    )
  const row: Row = {
    instance_id: bug.instanceId,
    repo: `sluice-samples/${bug.project}`,
    license: bug.license,
    language: chance.pick('spelling', bug.spellings),
    trajectory_id: chance.uuid(),
    messages,
    tools: [...harness.tools],
    resolved: take.marks.has('ungraded') ? -1 : Number(passes),
    metadata: {
      category: bug.category,
      teacher_model: {
        name: 'scripted-v1',
        enable_thinking: thinking,
        reasoning_effort: thinking
          ? chance.pick('effort', ['medium', 'high', null])
          : chance.pick('effort', [null, '']),
      },
      reference_patch: patchOf(take.marks.has('keeps-reference') ? referencePatch(bug) : ''),
      model_patch: patchOf(patch),
    },
    hf_dataset_name: 'sluice/sample',
  }
  for (const mark of take.marks) quirks[mark]?.(row)
  return row
}

/** Throws unless the hidden tests fail on the bug and pass with its fix. */
export function proveBug(bug: Bug): void {
  if (grade(bug, '')) throw new Error(`${bug.instanceId}: its hidden tests pass without a fix`)
  if (!grade(bug, referencePatch(bug)))
    throw new Error(`${bug.instanceId}: its hidden tests fail with the fix`)
}

/** The true fix as a diff. */
function referencePatch(bug: Bug): string {
  using sandbox = new Sandbox(bug, '/testbed')
  applyEdits(bug.fix, sandbox.folder)
  return sandbox.patch()
}

/** Whether the hidden tests pass on a fresh checkout with the patch applied; binary parts are left out. */
function grade(bug: Bug, patch: string): boolean {
  using sandbox = new Sandbox(bug, '/testbed')
  const text = patch
    .split(/^(?=diff --git )/m)
    .filter((part) => !/^Binary files /m.test(part))
    .join('')
  if (text !== '' && sandbox.run('git apply -', text).exitCode !== 0) return false
  sandbox.write(bug.hiddenFiles)
  return sandbox.run(bug.hiddenCommand).exitCode === 0
}

function converse(
  harness: Harness,
  bug: Bug,
  sandbox: Sandbox,
  turns: readonly Turn[],
  thinking: boolean,
  chance: Chance,
): Message[] {
  const messages: Message[] = [say('system', harness.system()), say('user', harness.task(bug))]
  let count = 0
  for (const { prose, calls } of turns) {
    if (calls.some(({ kind }) => kind === 'cut-off')) {
      messages.push(...harness.cutOff(sandbox).map(({ role, content }) => say(role, content)))
      continue
    }
    const toolCalls: ToolCall[] = []
    let closing = ''
    for (const call of calls) {
      if (call.kind === 'cut-off') continue
      if (call.kind === 'finish' && harness.speaksAtTheEnd) closing = call.message
      toolCalls.push({
        function: harness.spell(call, bug),
        id: harness.callId(chance, count++),
        type: 'function',
      })
    }
    const [reasoning, content] = thinking
      ? [prose, closing]
      : ['', [prose, closing].filter((text) => text !== '').join('\n\n')]
    messages.push({ role: 'assistant', content, reasoning_content: reasoning, tool_calls: toolCalls })
    for (const call of toolCalls) {
      const observation = harness.answer(call.function, sandbox, chance)
      if (observation !== undefined) messages.push(say('tool', observation))
    }
  }
  return messages
}

function say(role: Message['role'], content: string | null): Message {
  return { role, content, reasoning_content: '', tool_calls: [] }
}
