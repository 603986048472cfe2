import { type Batch, RowBatch } from '../../pipeline/batch/batch.ts'
import type { TextColumn } from '../../pipeline/batch/columns.ts'
import { TextSlot } from '../../pipeline/batch/text-slot.ts'
import type { TraceRow } from '../trajectory.ts'

export type MessageText = 'content' | 'reasoning_content'

/** The texts of a row's messages, on their way to the output. */
export interface MessageTexts {
  isEmpty(message: number, text: MessageText): boolean
  /** The text, where it lies or as a string; null is the empty string. */
  get(message: number, text: MessageText): TextSlot | string
}

/** From the bytes where the row has them and no step gave it other messages; else from its values. */
export function messageTexts(batch: Batch, row: number): MessageTexts {
  return batch instanceof RowBatch && batch.added(row, 'messages') === undefined
    ? new TextsInBytes(batch, row)
    : new TextsInValues(batch.row(row) as TraceRow)
}

class TextsInBytes implements MessageTexts {
  readonly #batch: RowBatch
  readonly #columns: Readonly<Record<MessageText, TextColumn>>
  readonly #firstSlot: number

  constructor(batch: RowBatch, row: number) {
    this.#batch = batch
    this.#columns = {
      content: batch.text('messages.content'),
      reasoning_content: batch.text('messages.reasoning_content'),
    }
    this.#firstSlot = batch.list('messages').offsets[row]!
  }

  isEmpty(message: number, text: MessageText): boolean {
    const { refs } = this.#columns[text]
    const slot = this.#firstSlot + message
    return refs[2 * slot] === 0 || refs[2 * slot + 1] === 0
  }

  get(message: number, text: MessageText): TextSlot | string {
    if (this.isEmpty(message, text)) return ''
    return new TextSlot(this.#batch, this.#columns[text], this.#firstSlot + message)
  }
}

class TextsInValues implements MessageTexts {
  readonly #row: TraceRow

  constructor(row: TraceRow) {
    this.#row = row
  }

  isEmpty(message: number, text: MessageText): boolean {
    return !this.#row.messages?.[message]?.[text]
  }

  get(message: number, text: MessageText): string {
    return this.#row.messages?.[message]?.[text] ?? ''
  }
}
