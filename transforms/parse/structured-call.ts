import type { Call, ToolCall } from '../trajectory.ts'
import { parseJson } from './parse-json.ts'

/**
 * A structured call of the row. Its arguments are read from the row when they are asked for, and
 * parsed once.
 */
export class StructuredCall implements Call {
  readonly index: number
  readonly message: number
  readonly id: string | null
  readonly name: string
  readonly answeredBy: number | null
  readonly #recorded: ToolCall
  #isParsed = false
  #value: unknown

  constructor(
    recorded: ToolCall,
    place: { index: number; message: number; id: string | null; name: string; answeredBy: number | null },
  ) {
    this.index = place.index
    this.message = place.message
    this.id = place.id
    this.name = place.name
    this.answeredBy = place.answeredBy
    this.#recorded = recorded
  }

  get arguments(): string {
    return this.#recorded.function?.arguments ?? ''
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
