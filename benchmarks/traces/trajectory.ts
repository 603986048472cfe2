import { Chance } from '../../sources/sample/record/chance.ts'
import { pythonJson } from '../../sources/sample/record/harness/harness.ts'
import { minisweagent } from '../../sources/sample/record/harness/minisweagent.ts'
import { openhands } from '../../sources/sample/record/harness/openhands.ts'
import { sweagent } from '../../sources/sample/record/harness/sweagent.ts'
import { type Message, patchOf, type Row } from '../../sources/sample/record/row.ts'
import type { Corpus } from './corpus.ts'
import { cutInHunk, diffOf, type Edit, editOf } from './diff.ts'
import { Draw } from './draw.ts'
import { Observations } from './observations.ts'

const HARNESSES = [openhands, sweagent, minisweagent]
const LANGUAGES = [
  'python',
  'python',
  'python',
  'go',
  'ts',
  'typescript',
  'js',
  'rust',
  'java',
  'cpp',
  'c',
  'php',
]
const LICENSES = ['MIT', 'MIT', 'Apache-2.0', 'BSD-3-Clause', 'BSD-2-Clause']
const LABELS = [1, 1, 0, 0, -1]
const TEACHERS = ['minimax_m25', 'qwen35_122b', 'deepseek_v4_flash']

/** Messages of the median row for each kilobyte of text that a row has on average. */
const MESSAGES_PER_KILOBYTE = 0.83
const SPREAD_OF_MESSAGES = 0.5
/** An agent looks at the same thing again: such an observation repeats an earlier one of the row to the letter. */
const SEEN_AGAIN = 0.07

export interface TrajectoryOptions {
  readonly corpus: Corpus
  readonly seed: number
  /** position of the row in the whole data set */
  readonly row: number
  /** mean text of a row */
  readonly kilobytes: number
}

/** A row as a harness would have recorded it: real source and prose, cut and put together by chance. */
export function makeTrajectory({ corpus, seed, row, kilobytes }: TrajectoryOptions): Row {
  const draw = new Draw(seed, row)
  const chance = new Chance(`${seed}/${row}`)
  const harness = HARNESSES[row % HARNESSES.length]!
  const project = draw.pick(corpus.files).path.split('/')[0]!
  const place = harness.place({ project } as never)
  const observations = new Observations(corpus, draw, place)
  const language = draw.pick(LANGUAGES)
  const prose = (sentences: number): string =>
    Array.from({ length: sentences }, () => draw.pick(corpus.prose)).join(' ')

  const messages: Message[] = []
  const say = (role: Message['role'], content: string | null, rest: Partial<Message> = {}): void => {
    messages.push({ role, content, reasoning_content: null, tool_calls: null, ...rest })
  }
  let calls = 0
  const ask = (name: string, args: Record<string, unknown>): void =>
    say('assistant', draw.chance(0.3) ? '' : prose(draw.between(1, 2)), {
      reasoning_content: draw.chance(0.6) ? prose(draw.between(1, 4)) : '',
      tool_calls: [
        {
          function: { arguments: pythonJson(args), name },
          id: harness.callId(chance, calls++),
          type: 'function',
        },
      ],
    })
  const shell = harness === openhands ? 'execute_bash' : 'bash'
  const observe = (text: string, exitCode = 0): void => {
    if (harness === sweagent) say('tool', `OBSERVATION:\n${text}`)
    else if (harness === minisweagent) say('tool', pythonJson({ returncode: exitCode, output: text }))
    else say('tool', `${text}\n[The command completed with exit code ${exitCode}.]`)
  }

  say('system', harness.system())
  say(
    'user',
    `<issue_description>\n${prose(draw.between(4, 12))}\n</issue_description>\n\n${observations.traceback()}`,
  )
  const edits: Edit[] = []
  const seen: { readonly command: string; readonly text: string }[] = []
  const size = Math.min(500, Math.max(15, draw.around(kilobytes * MESSAGES_PER_KILOBYTE, SPREAD_OF_MESSAGES)))
  while (messages.length < size) {
    const again = seen.length > 0 && draw.chance(SEEN_AGAIN)
    if (again) {
      const { command, text } = draw.pick(seen)
      ask(shell, { command })
      observe(text)
    } else if (draw.chance(0.12)) {
      const edit = editOf(draw.pick(corpus.files), draw)
      edits.push(edit)
      ask(harness === minisweagent ? 'bash' : 'str_replace_editor', {
        command: 'str_replace',
        path: `${place}/${edit.path}`,
        old_str: edit.before.join('\n'),
        new_str: edit.after.join('\n'),
      })
      observe(observations.edited(edit))
    } else if (draw.chance(0.15)) {
      ask(shell, { command: `cd ${place} && python -m pytest -x tests/${draw.hex(4)}_test.py` })
      observe(observations.testRun(), draw.below(2))
    } else {
      const { command, text } = observations.look()
      seen.push({ command, text })
      ask(shell, { command })
      observe(text)
    }
  }
  if (harness === openhands) ask('finish', { message: prose(3) })
  else if (harness === sweagent) ask('submit', {})
  else ask('bash', { command: 'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && cat patch.txt' })

  // One row in thirty leaves no patch, one in fifty a patch that git refuses.
  const patch = draw.chance(1 / 30)
    ? null
    : diffOf(edits.length > 0 ? edits : [editOf(draw.pick(corpus.files), draw)])
  const cut = patch !== null && draw.chance(1 / 50) ? cutInHunk(patch) : patch
  const none = { patch: null, num_modified_files: null, num_modified_lines: null }
  return {
    instance_id: `${project}__${project}-${draw.between(1, 20_000)}`,
    repo: `${project}/${project}`,
    license: draw.pick(LICENSES),
    language,
    trajectory_id: chance.uuid(),
    messages,
    tools: [...harness.tools],
    resolved: draw.pick(LABELS),
    metadata: {
      category: draw.pick(['bug', 'feature', 'refactor']),
      teacher_model: { name: draw.pick(TEACHERS), enable_thinking: draw.chance(0.5), reasoning_effort: null },
      reference_patch: patchOf(diffOf([editOf(draw.pick(corpus.files), draw)])),
      model_patch: cut === null ? none : patchOf(cut),
    },
    hf_dataset_name: draw.pick(['nebius/SWE-rebench-V2', 'AweAI-Team/Scale-SWE']),
  }
}
