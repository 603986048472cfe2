import type { Call } from '../trajectory.ts'
import type { TextCall } from './calls-from-text.ts'
import type { Messages } from './messages.ts'
import { parseJson } from './parse-json.ts'

/** A structured call of the row. What it holds is decoded when it is first asked for, and parsed once. */
export class RecordedCall implements Call {
  readonly index: number
  readonly message: number
  readonly name: string
  answeredBy: number | null = null
  readonly #messages: Messages
  /** position among the message's calls */
  readonly #place: number
  #id: string | null | undefined
  #arguments: string | undefined
  #isParsed = false
  #value: unknown

  constructor(messages: Messages, message: number, place: number, index: number) {
    this.index = index
    this.message = message
    this.name = messages.callName(message, place) ?? ''
    this.#messages = messages
    this.#place = place
  }

  get id(): string | null {
    if (this.#id === undefined) this.#id = this.#messages.callId(this.message, this.#place) || null
    return this.#id
  }

  get arguments(): string {
    this.#arguments ??= this.#messages.callArguments(this.message, this.#place) ?? ''
    return this.#arguments
  }

  /** The arguments as a value; undefined where they are not JSON. */
  get value(): unknown {
    if (!this.#isParsed) {
      this.#value = parseJson(this.arguments)
      this.#isParsed = true
    }
    return this.#value
  }
}

/** A call that was read from an agent's words. */
export class WrittenCall implements Call {
  readonly index: number
  readonly message: number
  readonly id = null
  readonly name: string
  readonly arguments: string
  answeredBy: number | null = null

  constructor({ name, arguments: given }: TextCall, message: number, index: number) {
    this.index = index
    this.message = message
    this.name = name
    this.arguments = given
  }
}
