import { runEditor } from '../editor.ts'
import {
  defineTool,
  editorArguments,
  editorTool,
  type Harness,
  parseArguments,
  pythonJson,
} from './harness.ts'

const place = '/testbed'

/** SWE-agent: every observation is announced, no exit codes, `submit` answers with the diff. */
export const sweagent: Harness = {
  name: 'sweagent',
  speaksAtTheEnd: true,
  tools: [
    defineTool(
      'bash',
      'Runs the given command directly in bash.',
      { command: { type: 'string', description: 'The bash command to run.' } },
      ['command'],
    ),
    editorTool,
    defineTool('submit', 'Hands in the current state of the working tree.', {}, []),
  ],
  place: () => place,
  system: () =>
    'You are a careful programmer at a command line. You have a shell, a file editor and a way to submit your work. ' +
    'Every reply holds a short discussion of what you are about to do and why, and one tool call, which is run before you go on. ' +
    'Commands that wait for input (editors, pagers, interpreters without a script) are not available.',
  task: (bug) => `<uploaded_files>
${place}
</uploaded_files>
The folder ${place} holds a ${bug.language} code repository. Please look at this pull request description:

<pr_description>
${bug.issue}
</pr_description>

Can you make the change that the description asks for? Only files that are not tests need to change: the tests were taken care of. Work in this order:
1. Find and read the code that the description is about.
2. Show the fault, with a script or with the tests (\`${bug.testCommand}\`).
3. Edit the source, and run the same thing again.
4. Think about edge cases, then submit.`,
  spell(call) {
    switch (call.kind) {
      case 'bash':
        return { name: 'bash', arguments: pythonJson({ command: call.command }) }
      case 'think':
        return { name: 'bash', arguments: pythonJson({ command: `: ${call.thought}` }) }
      case 'finish':
        return { name: 'submit', arguments: '{}' }
      case 'raw':
        return { name: call.tool, arguments: call.arguments }
      default:
        return { name: 'str_replace_editor', arguments: pythonJson(editorArguments(call, place)) }
    }
  },
  callId: (chance, count) =>
    chance.pick('id', ['call_', 'chatcmpl-tool-']) + chance.hex(`call ${count}`, chance.pick('id', [24, 32])),
  answer(call, sandbox) {
    return `OBSERVATION:\n${observe()}`

    function observe(): string {
      const parsed = parseArguments(call.arguments)
      if ('problem' in parsed)
        return `Your last call could not be run: the arguments of \`${call.name}\` are ${parsed.problem}.\nPlease send one call whose arguments fit the tool.`
      switch (call.name) {
        case 'bash': {
          const { output } = sandbox.run(String(parsed.args.command))
          return output === '' ? 'Your command ran successfully and did not produce any output.' : output
        }
        case 'str_replace_editor':
          return runEditor(sandbox, parsed.args)
        case 'submit':
          return sandbox.patch()
        default:
          return `There is no command \`${call.name}\`.`
      }
    }
  },
  cutOff: () => [
    { role: 'assistant', content: 'Exit due to cost limit' },
    { role: 'tool', content: 'OBSERVATION:\nExited (autosubmitted)' },
  ],
}
