/** Who asks and what answers, message by message and call by call. */
export interface Dialogue {
  /** messages in all */
  readonly messages: number
  /** calls of message i are [firstCall[i], firstCall[i + 1]); only the agent's messages have any */
  readonly firstCall: Int32Array
  isAgent(message: number): boolean
  isObservation(message: number): boolean
  callId(call: number): string | null
  /** the id of the call that an observation says it answers, where the dataset records one */
  answers(message: number): string | null
}

export interface Pairs {
  /** by message: the call that it answers, NONE where it answers none */
  readonly callOf: Int32Array
  /** by call: the message that answers it, NONE where nothing does */
  readonly answeredBy: Int32Array
}

export const NONE = -1

/**
 * Which observation answers which call. No call is answered twice, and an observation that finds no open call
 * answers none.
 *
 * By id where the observation carries one and exactly one open call has it. Else the oldest open call — of the
 * agent's latest turn, as long as that turn has as many open calls as there are observations left to place before
 * the agent's next turn. Only what exceeds them goes to calls left open earlier, oldest first. A call in mid-run
 * that was never answered (harnesses refuse a malformed one without a tool message) would otherwise take the next
 * call's observation and shift every pair after it. Linear in messages and calls.
 */
export function pairCalls(dialogue: Dialogue): Pairs {
  const { messages, firstCall } = dialogue
  const callOf = new Int32Array(messages).fill(NONE)
  const open = new OpenCalls(firstCall[messages]!, dialogue)
  let unplaced: number[] = []
  for (let message = 0; message <= messages; message++) {
    if (message === messages || dialogue.isAgent(message)) {
      const excess = unplaced.length - open.inLatestTurn
      for (let place = 0; place < unplaced.length; place++) {
        const waiting = unplaced[place]!
        callOf[waiting] = place < excess ? open.takeOldest(waiting) : open.takeOldestOfLatestTurn(waiting)
      }
      if (unplaced.length > 0) unplaced = []
      if (message < messages) open.startTurn(firstCall[message + 1]!)
    } else if (dialogue.isObservation(message)) {
      const id = dialogue.answers(message)
      const call = id ? open.takeById(id, message) : NONE
      if (call === NONE) unplaced.push(message)
      else callOf[message] = call
    }
  }
  return { callOf, answeredBy: open.answeredBy }
}

/** The calls made so far, and which of them have no answer yet. */
class OpenCalls {
  readonly answeredBy: Int32Array
  /** open calls of the latest turn */
  inLatestTurn = 0
  readonly #dialogue: Dialogue
  /** the latest turn's calls are [#turn, #end) */
  #turn = 0
  #end = 0
  /** no call before these is open, in all and in the latest turn */
  #oldest = 0
  #oldestOfTurn = 0
  /** of each id's open calls: how many, and their sum, which is the call where there is one; made when first needed */
  #byId: Map<string, { open: number; sum: number }> | null = null

  constructor(calls: number, dialogue: Dialogue) {
    this.answeredBy = new Int32Array(calls).fill(NONE)
    this.#dialogue = dialogue
  }

  /** The agent speaks, and its calls go up to `end`. */
  startTurn(end: number): void {
    this.#turn = this.#oldestOfTurn = this.#end
    this.#end = end
    this.inLatestTurn = end - this.#turn
    if (this.#byId) for (let call = this.#turn; call < end; call++) this.#count(this.#byId, call, 1)
  }

  takeById(id: string, message: number): number {
    if (!this.#byId) {
      this.#byId = new Map()
      for (let call = 0; call < this.#end; call++)
        if (this.answeredBy[call] === NONE) this.#count(this.#byId, call, 1)
    }
    const found = this.#byId.get(id)
    return found?.open === 1 ? this.#take(found.sum, message) : NONE
  }

  takeOldest(message: number): number {
    this.#oldest = this.#nextOpen(this.#oldest)
    return this.#oldest < this.#end ? this.#take(this.#oldest, message) : NONE
  }

  takeOldestOfLatestTurn(message: number): number {
    this.#oldestOfTurn = this.#nextOpen(this.#oldestOfTurn)
    return this.#oldestOfTurn < this.#end ? this.#take(this.#oldestOfTurn, message) : NONE
  }

  #nextOpen(from: number): number {
    let call = from
    while (call < this.#end && this.answeredBy[call] !== NONE) call++
    return call
  }

  #take(call: number, message: number): number {
    this.answeredBy[call] = message
    if (call >= this.#turn) this.inLatestTurn--
    if (this.#byId) this.#count(this.#byId, call, -1)
    return call
  }

  #count(byId: Map<string, { open: number; sum: number }>, call: number, sign: 1 | -1): void {
    const id = this.#dialogue.callId(call)
    if (!id) return
    const known = byId.get(id)
    if (known) {
      known.open += sign
      known.sum += sign * call
    } else byId.set(id, { open: sign, sum: sign * call })
  }
}
