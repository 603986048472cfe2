import type { AgentTurn, Call, FeedbackTurn, Message, PromptTurn } from '../trajectory.ts'
import { exitCode } from './exit-code.ts'

/** Text the agent was given. */
export class LazyPromptTurn implements PromptTurn {
  readonly kind: PromptTurn['kind']
  readonly role: PromptTurn['role']
  readonly message: number
  readonly orphanObservation: boolean
  readonly #recorded: Message

  constructor(
    kind: PromptTurn['kind'],
    role: PromptTurn['role'],
    message: number,
    orphanObservation: boolean,
    recorded: Message,
  ) {
    this.kind = kind
    this.role = role
    this.message = message
    this.orphanObservation = orphanObservation
    this.#recorded = recorded
  }

  get text(): string {
    return this.#recorded.content ?? ''
  }
}

export class LazyAgentTurn implements AgentTurn {
  readonly kind = 'agent'
  readonly role = 'assistant'
  readonly message: number
  readonly calls: readonly Call[]
  readonly #recorded: Message

  constructor(message: number, calls: readonly Call[], recorded: Message) {
    this.message = message
    this.calls = calls
    this.#recorded = recorded
  }

  get reasoning(): string {
    return this.#recorded.reasoning_content ?? ''
  }

  get text(): string {
    return this.#recorded.content ?? ''
  }
}

export class LazyFeedbackTurn implements FeedbackTurn {
  readonly kind = 'feedback'
  readonly role: FeedbackTurn['role']
  readonly message: number
  readonly call: number
  readonly #recorded: Message
  #exitCode: number | null | undefined

  constructor(role: FeedbackTurn['role'], message: number, call: number, recorded: Message) {
    this.role = role
    this.message = message
    this.call = call
    this.#recorded = recorded
  }

  get text(): string {
    return this.#recorded.content ?? ''
  }

  get exitCode(): number | null {
    if (this.#exitCode === undefined) this.#exitCode = exitCode(this.text)
    return this.#exitCode
  }
}
