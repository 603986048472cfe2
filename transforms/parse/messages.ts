import type { TextEnds } from '../../pipeline/batch/batch.ts'
import type { TextColumn } from '../../pipeline/batch/columns.ts'
import { placeOf, type RowPlace } from '../../pipeline/batch/row.ts'
import type { Message, ToolCall, TraceRow } from '../trajectory.ts'

/** The messages of one row, by position. What is not there is null; texts are decoded each time they are asked for. */
export interface Messages {
  readonly length: number
  role(message: number): string | null
  content(message: number): string | null
  /** Its beginning and end, 64 characters each at least; null where it is short, or as cheap to have whole. */
  contentEnds(message: number): TextEnds | null
  /** Whether the content has these words of ASCII in it: as cheap as can be. */
  contentIncludes(message: number, words: string): boolean
  reasoning(message: number): string | null
  /** the id of the call that a message says it answers */
  answers(message: number): string | null
  /** how many calls a message makes */
  calls(message: number): number
  callId(message: number, call: number): string | null
  callName(message: number, call: number): string | null
  callArguments(message: number, call: number): string | null
}

/** The leaves of a message, by what they are here. */
const LEAVES = {
  role: 'messages.role',
  content: 'messages.content',
  reasoning: 'messages.reasoning_content',
  answers: 'messages.tool_call_id',
  callId: 'messages.tool_calls.id',
  callName: 'messages.tool_calls.function.name',
  callArguments: 'messages.tool_calls.function.arguments',
} as const

/** Of UTF-8, so that 64 characters are in them. */
const HEAD_BYTES = 192
const TAIL_BYTES = 320

/** Null where the row has no list of messages. */
export function readMessages(row: TraceRow): Messages | null {
  const place = placeOf(row, 'messages')
  if (place && Object.values(LEAVES).every((path) => place.batch.hasText(path)))
    return place.batch.list('messages').nulls[place.slot] ? null : new MessagesInColumns(place)
  const { messages } = row
  return messages ? new MessagesInValues(messages) : null
}

/** Reads from the columns of the row's batch; no object is made for a message. */
class MessagesInColumns implements Messages {
  readonly length: number
  readonly #batch: RowPlace['batch']
  readonly #first: number
  readonly #callStarts: Int32Array
  readonly #roles: TextColumn
  readonly #contents: TextColumn
  readonly #reasonings: TextColumn
  readonly #answers: TextColumn
  readonly #callIds: TextColumn
  readonly #callNames: TextColumn
  readonly #callArguments: TextColumn

  constructor({ batch, slot }: RowPlace) {
    const { offsets } = batch.list('messages')
    this.#batch = batch
    this.#first = offsets[slot]!
    this.length = offsets[slot + 1]! - this.#first
    this.#callStarts = batch.list('messages.tool_calls').offsets
    this.#roles = batch.text(LEAVES.role)
    this.#contents = batch.text(LEAVES.content)
    this.#reasonings = batch.text(LEAVES.reasoning)
    this.#answers = batch.text(LEAVES.answers)
    this.#callIds = batch.text(LEAVES.callId)
    this.#callNames = batch.text(LEAVES.callName)
    this.#callArguments = batch.text(LEAVES.callArguments)
  }

  role(message: number): string | null {
    return this.#text(this.#roles, this.#first + message)
  }

  content(message: number): string | null {
    return this.#text(this.#contents, this.#first + message)
  }

  contentEnds(message: number): TextEnds | null {
    this.#batch.checkLive()
    return this.#batch.decodeEnds(this.#contents, this.#first + message, HEAD_BYTES, TAIL_BYTES)
  }

  contentIncludes(message: number, words: string): boolean {
    this.#batch.checkLive()
    return this.#batch.includes(this.#contents, this.#first + message, words)
  }

  reasoning(message: number): string | null {
    return this.#text(this.#reasonings, this.#first + message)
  }

  answers(message: number): string | null {
    return this.#text(this.#answers, this.#first + message)
  }

  calls(message: number): number {
    const slot = this.#first + message
    return this.#callStarts[slot + 1]! - this.#callStarts[slot]!
  }

  callId(message: number, call: number): string | null {
    return this.#text(this.#callIds, this.#callSlot(message, call))
  }

  callName(message: number, call: number): string | null {
    return this.#text(this.#callNames, this.#callSlot(message, call))
  }

  callArguments(message: number, call: number): string | null {
    return this.#text(this.#callArguments, this.#callSlot(message, call))
  }

  #callSlot(message: number, call: number): number {
    return this.#callStarts[this.#first + message]! + call
  }

  #text(column: TextColumn, slot: number): string | null {
    this.#batch.checkLive()
    return this.#batch.decode(column, slot)
  }
}

/** Reads from plain values, any of which may be missing. */
class MessagesInValues implements Messages {
  readonly #messages: readonly (Message | null | undefined)[]

  constructor(messages: readonly (Message | null | undefined)[]) {
    this.#messages = messages
  }

  get length(): number {
    return this.#messages.length
  }

  role(message: number): string | null {
    return this.#messages[message]?.role ?? null
  }

  content(message: number): string | null {
    return this.#messages[message]?.content ?? null
  }

  contentEnds(): null {
    return null
  }

  contentIncludes(message: number, words: string): boolean {
    return this.content(message)?.includes(words) ?? false
  }

  reasoning(message: number): string | null {
    return this.#messages[message]?.reasoning_content ?? null
  }

  answers(message: number): string | null {
    return this.#messages[message]?.tool_call_id ?? null
  }

  calls(message: number): number {
    return this.#messages[message]?.tool_calls?.length ?? 0
  }

  callId(message: number, call: number): string | null {
    return this.#call(message, call)?.id ?? null
  }

  callName(message: number, call: number): string | null {
    return this.#call(message, call)?.function?.name ?? null
  }

  callArguments(message: number, call: number): string | null {
    return this.#call(message, call)?.function?.arguments ?? null
  }

  #call(message: number, call: number): ToolCall | null | undefined {
    return this.#messages[message]?.tool_calls?.[call]
  }
}
