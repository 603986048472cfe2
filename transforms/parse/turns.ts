import type { AgentTurn, Call, FeedbackTurn, PromptTurn } from '../trajectory.ts'
import { exitCode, exitCodeOfEnds } from './exit-code.ts'
import type { Messages } from './messages.ts'

/** Text the agent was given. */
export class LazyPromptTurn implements PromptTurn {
  readonly kind: PromptTurn['kind']
  readonly role: PromptTurn['role']
  readonly message: number
  readonly orphanObservation: boolean
  readonly #messages: Messages

  constructor(
    messages: Messages,
    message: number,
    kind: PromptTurn['kind'],
    role: PromptTurn['role'],
    orphanObservation: boolean,
  ) {
    this.kind = kind
    this.role = role
    this.message = message
    this.orphanObservation = orphanObservation
    this.#messages = messages
  }

  get text(): string {
    return this.#messages.content(this.message) ?? ''
  }
}

export class LazyAgentTurn implements AgentTurn {
  readonly kind = 'agent'
  readonly role = 'assistant'
  readonly message: number
  readonly calls: readonly Call[]
  readonly #messages: Messages

  constructor(messages: Messages, message: number, calls: readonly Call[]) {
    this.message = message
    this.calls = calls
    this.#messages = messages
  }

  get reasoning(): string {
    return this.#messages.reasoning(this.message) ?? ''
  }

  get text(): string {
    return this.#messages.content(this.message) ?? ''
  }
}

export class LazyFeedbackTurn implements FeedbackTurn {
  readonly kind = 'feedback'
  readonly role: FeedbackTurn['role']
  readonly message: number
  readonly call: number
  readonly #messages: Messages

  constructor(messages: Messages, message: number, role: FeedbackTurn['role'], call: number) {
    this.role = role
    this.message = message
    this.call = call
    this.#messages = messages
  }

  get text(): string {
    return this.#messages.content(this.message) ?? ''
  }

  includes(words: string): boolean {
    return this.#messages.contentIncludes(this.message, words)
  }

  get exitCode(): number | null {
    const ends = this.#messages.contentEnds(this.message)
    const code = ends ? exitCodeOfEnds(ends) : undefined
    return code === undefined ? exitCode(this.text) : code
  }
}
