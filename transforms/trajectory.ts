/**
 * The row types that every step speaks: a trace row as the dataset has it, and the trajectory that parsing
 * finds in it. Names in snake_case are the dataset's own.
 */

/**
 * One row of Open-SWE-Traces in its present shape. Older shapes are read into this one. Every member can be
 * missing: null, an empty string and an empty list all mean "nothing there".
 */
export interface TraceRow {
  readonly instance_id: string | null
  readonly repo: string | null
  /** SPDX id of the repository's licence */
  readonly license: string | null
  /** as the dataset spells it: `ts` and `typescript` both occur */
  readonly language: string | null
  readonly trajectory_id: string | null
  readonly messages: readonly Message[] | null
  /** each a JSON tool definition */
  readonly tools: readonly (string | null)[] | null
  /** 1 the tests passed, 0 they failed, -1 or null never graded */
  readonly resolved: number | null
  readonly metadata: Metadata
  readonly hf_dataset_name: string | null
  /** the agent's patch, in the oldest rows only; later ones have `metadata.model_patch` */
  readonly model_patch: string | null
}

export interface Message {
  readonly role: string | null
  readonly content: string | null
  readonly reasoning_content: string | null
  /** which call a tool message answers; only some datasets record it */
  readonly tool_call_id: string | null
  readonly tool_calls: readonly ToolCall[] | null
}

export interface ToolCall {
  readonly id: string | null
  readonly type: string | null
  readonly function: {
    readonly name: string | null
    /** a JSON text by convention; sometimes invalid JSON or plain code. Never rewritten. */
    readonly arguments: string | null
  }
}

export interface Metadata {
  readonly category: string | null
  readonly teacher_model: {
    readonly name: string | null
    readonly enable_thinking: boolean | null
    readonly reasoning_effort: string | null
  }
  readonly reference_patch: PatchMember
  readonly model_patch: PatchMember
}

export interface PatchMember {
  readonly patch: string | null
}

export type Harness = 'openhands' | 'sweagent' | 'minisweagent' | 'unknown'
export type Label = 'passed' | 'failed' | 'ungraded'
/**
 * submitted: the harness took a patch; finished: the agent said it was done; cut_off: neither. A run that the
 * harness stops is cut_off, also where the harness then takes the patch that is there.
 */
export type EndState = 'submitted' | 'finished' | 'cut_off'

/** A trajectory found in one row. It reads its texts from the row, so it is valid as long as the row is. */
export interface Trajectory {
  readonly turns: readonly Turn[]
  /** every call in order, over all turns */
  readonly calls: readonly Call[]
  /** true when the row has no structured call and `calls` were read from fences or tags in the text */
  readonly callsFromText: boolean
  readonly harness: Harness
  readonly end: EndState
  readonly finalPatch: FinalPatch
  readonly label: Label
  /** the row's language, normalised; null when the row names none */
  readonly language: string | null
  readonly teacherModel: string | null
  /** what a careful reader should know of this row, counted */
  readonly flags: TrajectoryFlags
}

/** Who speaks in a message. */
export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** One message of the row, by what it is. */
export type Turn = PromptTurn | AgentTurn | FeedbackTurn

/** Text the agent was given: the system prompt, the task, or a later word of the user. */
export interface PromptTurn {
  readonly kind: 'system_prompt' | 'task' | 'user'
  /** as recorded: a later word of the system, or an observation that nobody asked for, is of the kind `user` */
  readonly role: Exclude<Role, 'assistant'>
  readonly message: number
  readonly text: string
  /** an observation that answers no open call, kept as a user turn */
  readonly orphanObservation: boolean
}

export interface AgentTurn {
  readonly kind: 'agent'
  readonly role: 'assistant'
  readonly message: number
  readonly reasoning: string
  readonly text: string
  readonly calls: readonly Call[]
}

/** The environment's feedback on one call. */
export interface FeedbackTurn {
  readonly kind: 'feedback'
  /** as recorded: some harnesses give feedback in the user's name */
  readonly role: 'tool' | 'user'
  readonly message: number
  /** the observation as recorded, with the harness's wrapping */
  readonly text: string
  /** Whether the text has these words of ASCII in it: cheaper than looking in `text`. */
  includes(words: string): boolean
  /** index into `Trajectory.calls` of the call it answers */
  readonly call: number
  /** null where the harness gives none */
  readonly exitCode: number | null
}

export interface Call {
  /** index into `Trajectory.calls` */
  readonly index: number
  /** index of the agent's message */
  readonly message: number
  readonly id: string | null
  readonly name: string
  /** byte for byte as recorded */
  readonly arguments: string
  /** index of the message that answers it; null when nothing does */
  readonly answeredBy: number | null
}

export interface FinalPatch {
  /** the text; null when the agent left no patch */
  readonly patch: string | null
  /** `metadata.model_patch.patch`, the old top-level `model_patch`, the last observation that holds a diff */
  readonly from: 'metadata' | 'top_level' | 'observation' | 'none'
}

export interface TrajectoryFlags {
  /** calls whose arguments are not JSON */
  readonly invalidArguments: number
  /** observations that answer no open call */
  readonly orphanObservations: number
  readonly unansweredCalls: number
  /** call ids that occur more than once */
  readonly repeatedIds: number
}
