import { runEditor } from '../editor.ts'
import {
  defineTool,
  editorArguments,
  editorTool,
  type Harness,
  parseArguments,
  pythonJson,
} from './harness.ts'

/** OpenHands: raw observations, a bash tail with the exit code, a `finish` call at the end. */
export const openhands: Harness = {
  name: 'openhands',
  speaksAtTheEnd: false,
  tools: [
    defineTool(
      'execute_bash',
      'Run a bash command in the terminal. Long-running commands should write to a file and run in the background.',
      { command: { type: 'string', description: 'The command, one line or several.' } },
      ['command'],
    ),
    editorTool,
    defineTool(
      'think',
      'Write down a thought. Nothing is run and nothing changes.',
      { thought: { type: 'string' } },
      ['thought'],
    ),
    defineTool(
      'finish',
      'Say that the task is done, or that it cannot be.',
      { message: { type: 'string', description: 'What was done and how it was checked.' } },
      ['message'],
    ),
  ],
  place: (bug) => `/workspace/${bug.project}`,
  system:
    () => `You are a software agent who works in a terminal and a file editor on a developer's repository.

<WORKING_STYLE>
* Look before you change: read the code that the report is about and what calls it.
* Prefer the smallest change that removes the cause. Keep the style of the file.
* Each action has a price. Combine commands where that loses nothing.
</WORKING_STYLE>

<FILES>
* Paths in the editor are absolute.
* Edit a file where it is; don't leave copies such as file_fixed or file_new beside it.
* Remove what you only created to try something out.
</FILES>

<VERSION_CONTROL>
* Don't commit or push. The change is taken from the working tree.
</VERSION_CONTROL>`,
  task: (bug) => `<uploaded_files>
/workspace/${bug.project}
</uploaded_files>
A ${bug.language} repository is in the folder ${bug.project}. This issue was reported for it:

<issue_description>
${bug.issue}
</issue_description>

Change the code that is not a test so that the issue is resolved. Tests for the issue exist already and need no change from you; they are not in the folder.

1. EXPLORE: find the files that matter.
2. REPRODUCE: run the tests with \`${bug.testCommand}\`, or write a small script that shows the problem.
3. FIX: make the change.
4. CHECK: run the tests again and think of the cases at the edges.`,
  spell(call, bug) {
    switch (call.kind) {
      case 'bash':
        return {
          name: 'execute_bash',
          arguments: pythonJson({ command: `cd /workspace/${bug.project} && ${call.command}` }),
        }
      case 'think':
        return { name: 'think', arguments: pythonJson({ thought: call.thought }) }
      case 'finish':
        return { name: 'finish', arguments: pythonJson({ message: call.message }) }
      case 'raw':
        return { name: call.tool === 'bash' ? 'execute_bash' : call.tool, arguments: call.arguments }
      default:
        return {
          name: 'str_replace_editor',
          arguments: pythonJson(editorArguments(call, `/workspace/${bug.project}`)),
        }
    }
  },
  callId: (chance, count) => `toolu_${chance.hex(`call ${count}`, 22)}`,
  answer(call, sandbox, chance) {
    const parsed = parseArguments(call.arguments)
    if ('problem' in parsed)
      return `ERROR:\nThe arguments of ${call.name} are ${parsed.problem}: ${call.arguments}`
    switch (call.name) {
      case 'execute_bash': {
        const { output, exitCode } = sandbox.run(String(parsed.args.command))
        const tail = `[The command completed with exit code ${exitCode}.]`
        const where = chance.pick('tail', ['', `\n[Current working directory: ${sandbox.place}]`])
        return `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${tail}${where}`
      }
      case 'str_replace_editor':
        return runEditor(sandbox, parsed.args)
      case 'think':
        return 'Your thought has been logged.'
      case 'finish':
        return undefined
      default:
        return `ERROR:\nThere is no tool named ${call.name}.`
    }
  },
  cutOff: () => [],
}
