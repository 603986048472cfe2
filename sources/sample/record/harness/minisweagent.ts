import type { Bug } from '../bug.ts'
import type { Call } from '../script.ts'
import { defineTool, type Harness, parseArguments, pythonJson } from './harness.ts'

const place = '/testbed'

/** mini-swe-agent: nothing but bash, observations as JSON, a magic word at the end that nobody answers. */
export const minisweagent: Harness = {
  name: 'minisweagent',
  speaksAtTheEnd: true,
  tools: [defineTool('bash', 'Execute a bash command', { command: { type: 'string' } }, ['command'])],
  place: () => place,
  // The rule about one code block contradicts the structured calls, as it does in the real data.
  system: () => `You are an assistant who solves programming tasks by talking to a computer's shell.
Every response must contain exactly ONE bash code block with ONE command (or commands joined by && or ||), after a THOUGHT that explains it.

<format_example>
THOUGHT: why this command is the next one

\`\`\`bash
the_command
\`\`\`
</format_example>

A response that does not follow the format is rejected.`,
  task: (bug) => `<pr_description>
Please read this description of a pull request:
${bug.issue}
</pr_description>

<instructions>
# What to do
Implement what the description asks for, in the source files under ${place}, in a way that fits the code base.
Leave the tests alone. The project's own tests run with \`${bug.testCommand}\`.

## Rules
- Every command runs in a new shell at ${place}: a cd or an exported variable does not last.
- There is no editor. Change files with sed, a heredoc or a short script.

## Handing in
When you are done, run exactly: \`echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && git add -A && git diff --cached\`
After that command you cannot go on.
</instructions>`,
  spell: (call, bug) =>
    call.kind === 'raw'
      ? { name: call.tool, arguments: call.arguments }
      : { name: 'bash', arguments: pythonJson({ command: shellCommand(call, bug) }) },
  callId: (_chance, count) => `call_${count}`,
  answer(call, sandbox) {
    const parsed = parseArguments(call.arguments)
    if ('problem' in parsed)
      return pythonJson({ returncode: -1, output: `Tool call rejected: arguments are ${parsed.problem}.` })
    const command = String(parsed.args.command)
    if (command.startsWith('echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT')) return undefined
    const { output, exitCode } = sandbox.run(command)
    return pythonJson({ returncode: exitCode, output })
  },
  cutOff: () => [{ role: 'user', content: 'LimitsExceeded: the step limit of this run is reached.' }],
}

/** The call as one shell command, the way one does it without an editor. */
function shellCommand(call: Exclude<Call, { kind: 'cut-off' | 'raw' }>, bug: Bug): string {
  switch (call.kind) {
    case 'bash':
      return call.command
    case 'think':
      return `: ${call.thought}`
    case 'finish':
      return 'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && git add -A && git diff --cached'
    case 'view':
      return call.lines
        ? `nl -ba ${call.path} | sed -n '${call.lines[0]},${call.lines[1] === -1 ? '$' : call.lines[1]}p'`
        : `cat ${call.path}`
    case 'create':
      return `cat > ${call.path} <<'EOF'\n${call.text}EOF`
    case 'replace':
      return replaceCommand(call, bug)
  }
}

function replaceCommand(call: Extract<Call, { kind: 'replace' }>, bug: Bug): string {
  const before = call.before.trimEnd()
  const after = call.after.trimEnd()
  if (!/[\n|'\\&]/.test(before + after) && after !== '')
    return `sed -i 's|^${before.replace(/[.*[\]^$]/g, '\\$&')}$|${after}|' ${call.path}`
  const [path, old, fresh] = [call.path, call.before, call.after].map((text) => JSON.stringify(text))
  return bug.needs.includes('node')
    ? `node - <<'EOF'
const fs = require('node:fs')
const text = fs.readFileSync(${path}, 'utf8')
const before = ${old}
const after = ${fresh}
if (!text.includes(before)) throw new Error('not found')
fs.writeFileSync(${path}, text.replace(before, () => after))
EOF`
    : `python3 - <<'EOF'
from pathlib import Path
path = Path(${path})
text = path.read_text()
before = ${old}
after = ${fresh}
assert before in text
path.write_text(text.replace(before, after, 1))
EOF`
}
