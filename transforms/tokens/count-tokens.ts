import { z } from 'zod'
import { type BatchFace, defineTransform, type RowBatch, type TextColumn } from '../../pipeline/index.ts'
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
        for (let row = 0; row < batch.length; row++) {
          if (!context.wants(batch, row)) continue
          try {
            const sums = countRow(batch.row(row).trajectory.turns, texts.of(row))
            for (const [column, name] of COLUMN_NAMES.entries()) batch.add(row, name, sums[column])
            context.metrics.count('tokens', sums[ALL]!)
          } catch (error) {
            if (!(error instanceof RangeError)) throw error
            const { message } = error
            batch.outcomes.mark(row, { verdict: 'failed', step: context.step, field: 'messages', message })
          }
        }
      },
    }
  },
})

/** Tokens of a row's messages, by position. */
interface MessageCounts {
  readonly content: Uint32Array
  readonly reasoning: Uint32Array
  /** names and arguments of all calls */
  readonly calls: Uint32Array
}

/** Counts the texts of a batch's messages where they lie. */
class MessageTexts {
  readonly #counter: ColumnCounter
  readonly #content: TextColumn
  readonly #reasoning: TextColumn
  readonly #callNames: TextColumn
  readonly #callArguments: TextColumn
  readonly #messageStarts: Int32Array
  readonly #callStarts: Int32Array

  constructor(batch: RowBatch<Counted>, counter: ColumnCounter) {
    this.#counter = counter
    this.#content = batch.text('messages.content')
    this.#reasoning = batch.text('messages.reasoning_content')
    this.#callNames = batch.text('messages.tool_calls.function.name')
    this.#callArguments = batch.text('messages.tool_calls.function.arguments')
    this.#messageStarts = batch.list('messages').offsets
    this.#callStarts = batch.list('messages.tool_calls').offsets
  }

  of(row: number): MessageCounts {
    const from = this.#messageStarts[row]!
    const to = this.#messageStarts[row + 1]!
    const firstCall = this.#callStarts[from]!
    const names = this.#counter.countSlots(this.#callNames, firstCall, this.#callStarts[to]!)
    const args = this.#counter.countSlots(this.#callArguments, firstCall, this.#callStarts[to]!)
    const calls = new Uint32Array(to - from)
    for (let message = from; message < to; message++)
      for (let call = this.#callStarts[message]!; call < this.#callStarts[message + 1]!; call++)
        calls[message - from]! += names[call - firstCall]! + args[call - firstCall]!
    return {
      content: this.#counter.countSlots(this.#content, from, to),
      reasoning: this.#counter.countSlots(this.#reasoning, from, to),
      calls,
    }
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
function countRow(turns: readonly Turn[], counts: MessageCounts): Float64Array {
  const sums = new Float64Array(COLUMN_NAMES.length)
  for (const { message, kind, role } of turns) {
    const content = counts.content[message]!
    const reasoning = counts.reasoning[message]!
    const calls = counts.calls[message]!
    const all = content + reasoning + calls
    sums[CONTENT_OF[kind]]! += content
    sums[REASONING]! += reasoning
    sums[CALLS]! += calls
    sums[ROLE_OF[role]]! += all
    sums[ALL]! += all
    if (all > sums[LONGEST]!) sums[LONGEST] = all
  }
  return sums
}
