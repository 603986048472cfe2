/** What became of a row. Every row ends as exactly one of these. */
export type Verdict = 'kept' | 'dropped' | 'failed'

/** Why a filter refused a row: what it measured and what it would have taken. */
export interface Refusal {
  /** the filter's reason, a short stable word: `too_long` */
  readonly reason: string
  readonly value: number | string | null
  readonly threshold: number | string | null
}

/** Why a row could not be read or processed. */
export interface Failure {
  /** the field at fault, as a path: `messages[3].role`; empty when it is the row as a whole */
  readonly field: string
  readonly message: string
}

/** A row's outcome with the step that decided it. */
export type Mark =
  | ({ readonly verdict: 'dropped'; readonly step: string } & Refusal)
  | ({ readonly verdict: 'failed'; readonly step: string } & Failure)

/**
 * The outcomes of a batch's rows. Rows start as kept. Filters mark, they do not hide: the first mark stays, and
 * a failure replaces a drop because nothing after it was measured.
 */
export class Outcomes {
  readonly #marks: (Mark | undefined)[]

  constructor(length: number) {
    this.#marks = new Array<Mark | undefined>(length)
  }

  /** The same marks, free to go their own way. */
  fork(): Outcomes {
    const copy = new Outcomes(this.length)
    for (let row = 0; row < this.length; row++) copy.#marks[row] = this.#marks[row]
    return copy
  }

  get length(): number {
    return this.#marks.length
  }

  mark(row: number, mark: Mark): void {
    const current = this.#marks[row]
    if (!current || (current.verdict === 'dropped' && mark.verdict === 'failed')) this.#marks[row] = mark
  }

  of(row: number): Mark | undefined {
    return this.#marks[row]
  }

  verdict(row: number): Verdict {
    return this.#marks[row]?.verdict ?? 'kept'
  }

  kept(row: number): boolean {
    return this.#marks[row] === undefined
  }

  /** A failed row has nothing that a later step could read. */
  readable(row: number): boolean {
    return this.#marks[row]?.verdict !== 'failed'
  }
}
