import { normaliseLanguage } from '../patch/language.ts'
import type {
  Call,
  EndState,
  FinalPatch,
  Harness,
  Label,
  Role,
  TraceRow,
  Trajectory,
  TrajectoryFlags,
  Turn,
} from '../trajectory.ts'
import { callArguments } from './arguments.ts'
import { type Conversation, readConversation } from './conversation.ts'
import { endState } from './end-state.ts'
import { findFinalPatch } from './final-patch.ts'
import { detectHarness } from './harness.ts'
import { readMessages } from './messages.ts'
import { readRole } from './roles.ts'
import { RowError } from './row-error.ts'

/**
 * Finds the trajectory in a row. Roles and calls are read at once; contents, arguments and patches when somebody
 * asks for them, so a trajectory is valid as long as its row is. Linear in the row's size.
 *
 * @param where the file the row came from: the last resort for telling the harness
 * @throws RowError where there are no messages, or one has no role that we know
 */
export function parseTrajectory(row: TraceRow, where: { readonly path: string }): Trajectory {
  const messages = readMessages(row)
  if (!messages || messages.length === 0)
    throw new RowError('messages', messages ? 'an empty list' : 'missing', 'a list of messages')
  const roles: Role[] = []
  for (let message = 0; message < messages.length; message++)
    roles.push(readRole(messages.role(message), message))
  const stray = roles.findIndex((role, message) => role !== 'assistant' && messages.calls(message) > 0)
  if (stray >= 0)
    throw new RowError(
      `messages[${stray}].tool_calls`,
      `calls of the role ${roles[stray]}`,
      "the agent's alone",
    )
  return new ParsedTrajectory(row, where.path, readConversation(messages, roles))
}

/** What is derived is derived once, when it is first asked for. */
class ParsedTrajectory implements Trajectory {
  readonly turns: readonly Turn[]
  readonly calls: readonly Call[]
  readonly callsFromText: boolean
  readonly #row: TraceRow
  readonly #path: string
  #harness: Harness | undefined
  #end: EndState | undefined
  #finalPatch: FinalPatch | undefined
  #flags: TrajectoryFlags | undefined

  constructor(row: TraceRow, path: string, conversation: Conversation) {
    this.turns = conversation.turns
    this.calls = conversation.calls
    this.callsFromText = conversation.callsFromText
    this.#row = row
    this.#path = path
  }

  get harness(): Harness {
    this.#harness ??= detectHarness({
      calledTools: this.calls.map((call) => call.name),
      toolDefinitions: () => this.#row.tools ?? [],
      firstObservation: () => this.turns.find((turn) => turn.kind === 'feedback')?.text ?? '',
      prompts: () =>
        this.turns.flatMap((turn) =>
          turn.kind === 'system_prompt' || turn.kind === 'task' ? [turn.text] : [],
        ),
      path: this.#path,
    })
    return this.#harness
  }

  get end(): EndState {
    this.#end ??= endState(this.turns)
    return this.#end
  }

  get finalPatch(): FinalPatch {
    this.#finalPatch ??= findFinalPatch(this.#row, this.turns)
    return this.#finalPatch
  }

  get label(): Label {
    const { resolved } = this.#row
    return resolved === 1 ? 'passed' : resolved === 0 ? 'failed' : 'ungraded'
  }

  get language(): string | null {
    const { language } = this.#row
    return language ? normaliseLanguage(language) : null
  }

  get teacherModel(): string | null {
    return this.#row.metadata?.teacher_model?.name || null
  }

  get flags(): TrajectoryFlags {
    this.#flags ??= countFlags(this.turns, this.calls)
    return this.#flags
  }
}

function countFlags(turns: readonly Turn[], calls: readonly Call[]): TrajectoryFlags {
  const uses = new Map<string, number>()
  for (const { id } of calls) if (id !== null) uses.set(id, (uses.get(id) ?? 0) + 1)
  return {
    invalidArguments: count(calls, (call) => call.arguments !== '' && callArguments(call) === undefined),
    orphanObservations: count(turns, (turn) => 'orphanObservation' in turn && turn.orphanObservation),
    unansweredCalls: count(calls, (call) => call.answeredBy === null),
    repeatedIds: count([...uses.values()], (times) => times > 1),
  }
}

function count<Item>(items: readonly Item[], has: (item: Item) => boolean): number {
  return items.reduce((total, item) => (has(item) ? total + 1 : total), 0)
}
