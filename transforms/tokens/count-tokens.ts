import { z } from 'zod'
import { type BatchFace, defineTransform, type RowBatch } from '../../pipeline/index.ts'
import type { TraceRow, Trajectory, Turn } from '../trajectory.ts'
import { type ColumnCounter, type CounterTables, makeTables, openColumnCounter } from './column-counter.ts'

export interface TokenColumns {
  readonly tokens: number
  readonly tokens_system_prompt: number
  readonly tokens_task: number
  readonly tokens_user: number
  readonly tokens_reasoning: number
  readonly tokens_text: number
  readonly tokens_tool_call: number
  readonly tokens_feedback: number
  readonly tokens_role_system: number
  readonly tokens_role_user: number
  readonly tokens_role_assistant: number
  readonly tokens_role_tool: number
  readonly longest_message_tokens: number
}

type Counted = { readonly trajectory: Trajectory } & Pick<TraceRow, 'messages'>

const tokens = (doc: string) => ({ type: 'int32', unit: 'tokens', doc }) as const

/**
 * Counts tokens: of each message its content, its reasoning and the name and arguments of its calls, each string by
 * itself, null as empty, special tokens as ordinary text, no overhead of a chat template. Counted from the bytes:
 * no text is decoded.
 */
export const countTokens = defineTransform({
  module: import.meta.url,
  name: 'countTokens',
  options: z.strictObject({
    encoding: z.enum(['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base']).default('o200k_base'),
  }),
  reads: [
    'trajectory',
    'messages.role',
    'messages.content',
    'messages.reasoning_content',
    'messages.tool_calls.function.name',
    'messages.tool_calls.function.arguments',
  ],
  adds: {
    tokens: tokens(
      'all messages: content, reasoning, names and arguments of calls, each string counted by itself',
    ),
    tokens_system_prompt: tokens('system prompt'),
    tokens_task: tokens('the task: the first user message'),
    tokens_user: tokens('later user messages, and observations that answer no call'),
    tokens_reasoning: tokens("the agent's reasoning, where it is recorded apart from its text"),
    tokens_text: tokens("the agent's text"),
    tokens_tool_call: tokens('names and arguments of structured calls'),
    tokens_feedback: tokens("the environment's feedback"),
    tokens_role_system: tokens('messages of the role system'),
    tokens_role_user: tokens('messages of the role user'),
    tokens_role_assistant: tokens('messages of the role assistant'),
    tokens_role_tool: tokens('messages of the role tool'),
    longest_message_tokens: tokens('the longest message'),
  },
  share: ({ encoding }) => makeTables(encoding),
  open: ({ encoding }, context): BatchFace<Counted, TokenColumns> => {
    // What `share` made.
    const counter = openColumnCounter(encoding, context.memory, context.shared as CounterTables)
    return {
      batch: (batch) => {
        const texts = new MessageTexts(batch, counter)
        const add = (row: number): void => {
          const sums = countRow(batch.row(row).trajectory.turns, texts, row)
          for (let column = 0; column < COLUMN_NAMES.length; column++)
            batch.add(row, COLUMN_NAMES[column]!, sums[column])
          context.metrics.count('tokens', sums[ALL]!)
        }
        for (const [from, to] of runs(batch.length, (row) => context.wants(batch, row)))
          for (const row of counted(batch, texts, from, to, context.step)) add(row)
      },
    }
  },
})

/** The longest runs of rows that are wanted. */
function* runs(
  rows: number,
  isWanted: (row: number) => boolean,
): Iterable<readonly [from: number, to: number]> {
  let from = 0
  for (let row = 0; row <= rows; row++) {
    if (row < rows && isWanted(row)) continue
    if (row > from) yield [from, row]
    from = row + 1
  }
}

/** Counts rows [from, to) and gives those that could be counted. One that takes too much memory fails alone. */
function* counted(
  batch: RowBatch,
  texts: MessageTexts,
  from: number,
  to: number,
  step: string,
): Iterable<number> {
  try {
    texts.count(from, to)
    for (let row = from; row < to; row++) yield row
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    if (to - from > 1) for (let row = from; row < to; row++) yield* counted(batch, texts, row, row + 1, step)
    else batch.outcomes.mark(from, { verdict: 'failed', step, field: 'messages', message: error.message })
  }
}

/** Counts the texts of a batch's messages where they lie, column by column. */
class MessageTexts {
  readonly content: Uint32Array
  readonly reasoning: Uint32Array
  readonly callNames: Uint32Array
  readonly callArguments: Uint32Array
  readonly messageStarts: Int32Array
  readonly callStarts: Int32Array
  readonly #counter: ColumnCounter
  readonly #batch: RowBatch

  constructor(batch: RowBatch, counter: ColumnCounter) {
    this.#batch = batch
    this.#counter = counter
    this.messageStarts = batch.list('messages').offsets
    this.callStarts = batch.list('messages.tool_calls').offsets
    this.content = new Uint32Array(batch.text('messages.content').length)
    this.reasoning = new Uint32Array(batch.text('messages.reasoning_content').length)
    this.callNames = new Uint32Array(batch.text('messages.tool_calls.function.name').length)
    this.callArguments = new Uint32Array(batch.text('messages.tool_calls.function.arguments').length)
  }

  /** Counts rows [from, to). Throws RangeError when their texts need too much memory. */
  count(from: number, to: number): void {
    const messages = [this.messageStarts[from]!, this.messageStarts[to]!] as const
    const calls = [this.callStarts[messages[0]]!, this.callStarts[messages[1]]!] as const
    this.#count('messages.content', messages, this.content)
    this.#count('messages.reasoning_content', messages, this.reasoning)
    this.#count('messages.tool_calls.function.name', calls, this.callNames)
    this.#count('messages.tool_calls.function.arguments', calls, this.callArguments)
  }

  #count(path: string, [from, to]: readonly [number, number], into: Uint32Array): void {
    into.set(this.#counter.countSlots(this.#batch.text(path), from, to), from)
  }
}

const COLUMN_NAMES = [
  'tokens',
  'tokens_system_prompt',
  'tokens_task',
  'tokens_user',
  'tokens_reasoning',
  'tokens_text',
  'tokens_tool_call',
  'tokens_feedback',
  'tokens_role_system',
  'tokens_role_user',
  'tokens_role_assistant',
  'tokens_role_tool',
  'longest_message_tokens',
] as const satisfies readonly (keyof TokenColumns)[]

/** Positions of columns among the names. */
const at = (name: keyof TokenColumns): number => COLUMN_NAMES.indexOf(name)
const ALL = at('tokens')
const REASONING = at('tokens_reasoning')
const CALLS = at('tokens_tool_call')
const LONGEST = at('longest_message_tokens')
const CONTENT_OF: Readonly<Record<Turn['kind'], number>> = {
  system_prompt: at('tokens_system_prompt'),
  task: at('tokens_task'),
  user: at('tokens_user'),
  agent: at('tokens_text'),
  feedback: at('tokens_feedback'),
}
const ROLE_OF: Readonly<Record<Turn['role'], number>> = {
  system: at('tokens_role_system'),
  user: at('tokens_role_user'),
  assistant: at('tokens_role_assistant'),
  tool: at('tokens_role_tool'),
}

/** A row's columns, in the order of the names. */
function countRow(turns: readonly Turn[], texts: MessageTexts, row: number): Float64Array {
  const { content, reasoning, callNames, callArguments, messageStarts, callStarts } = texts
  const sums = new Float64Array(COLUMN_NAMES.length)
  const first = messageStarts[row]!
  for (let at = 0; at < turns.length; at++) {
    const { message, kind, role } = turns[at]!
    const slot = first + message
    let calls = 0
    for (let call = callStarts[slot]!; call < callStarts[slot + 1]!; call++)
      calls += callNames[call]! + callArguments[call]!
    const all = content[slot]! + reasoning[slot]! + calls
    sums[CONTENT_OF[kind]]! += content[slot]!
    sums[REASONING]! += reasoning[slot]!
    sums[CALLS]! += calls
    sums[ROLE_OF[role]]! += all
    sums[ALL]! += all
    if (all > sums[LONGEST]!) sums[LONGEST] = all
  }
  return sums
}
