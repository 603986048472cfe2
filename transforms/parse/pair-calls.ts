/** What the agent asked for in one turn, and what the environment said before the agent's next turn. */
export interface Exchange {
  readonly calls: readonly OpenCall[]
  readonly observations: readonly Observation[]
}

export interface OpenCall {
  /** index into the trajectory's calls */
  readonly index: number
  readonly id: string | null
}

export interface Observation {
  /** index of its message */
  readonly message: number
  /** the id of the call it answers, where the dataset records one */
  readonly callId: string | null
}

/**
 * Which observation answers which call: from the observation's message to the call's index. An observation that
 * finds no open call is not in the map; no call is answered twice.
 *
 * By id where the observation carries one and exactly one open call has it. Else the oldest open call — of the
 * agent's latest turn, as long as that turn has as many open calls as there are observations left to place.
 * Only what exceeds them goes to calls left open earlier, oldest first. A call in mid-run that was never
 * answered (harnesses refuse a malformed one without a tool message) would otherwise take the next call's
 * observation and shift every pair after it. Linear in calls and observations.
 */
export function pairCalls(exchanges: readonly Exchange[]): Map<number, number> {
  const answers = new Map<number, number>()
  const open = new OpenCalls()
  for (const { calls, observations } of exchanges) {
    open.add(calls)
    const unplaced: number[] = []
    for (const { message, callId } of observations) {
      const call = callId ? open.takeById(callId) : null
      if (call === null) unplaced.push(message)
      else answers.set(message, call)
    }
    const excess = unplaced.length - open.inLatestTurn
    unplaced.forEach((message, place) => {
      const call = place < excess ? open.takeOldest() : open.takeOldestOfLatestTurn()
      if (call !== null) answers.set(message, call)
    })
  }
  return answers
}

/** The calls without an answer, in order. */
class OpenCalls {
  readonly #calls: OpenCall[] = []
  readonly #taken: boolean[] = []
  /** of each id's open calls: how many, and the sum of their places, which is the place where there is one */
  readonly #byId = new Map<string, { open: number; places: number }>()
  /** place of the latest turn's first call */
  #turn = 0
  /** open calls of the latest turn */
  inLatestTurn = 0
  /** no call before these places is open, in all and in the latest turn */
  #oldest = 0
  #oldestOfTurn = 0

  /** Adds the agent's next turn. */
  add(calls: readonly OpenCall[]): void {
    this.#turn = this.#oldestOfTurn = this.#calls.length
    this.inLatestTurn = calls.length
    for (const call of calls) {
      this.#count(call.id, this.#calls.length, 1)
      this.#calls.push(call)
      this.#taken.push(false)
    }
  }

  takeById(id: string): number | null {
    const found = this.#byId.get(id)
    return found?.open === 1 ? this.#take(found.places) : null
  }

  takeOldest(): number | null {
    while (this.#taken[this.#oldest]) this.#oldest++
    return this.#oldest < this.#calls.length ? this.#take(this.#oldest) : null
  }

  takeOldestOfLatestTurn(): number | null {
    while (this.#taken[this.#oldestOfTurn]) this.#oldestOfTurn++
    return this.#oldestOfTurn < this.#calls.length ? this.#take(this.#oldestOfTurn) : null
  }

  #take(place: number): number {
    const call = this.#calls[place]!
    this.#taken[place] = true
    if (place >= this.#turn) this.inLatestTurn--
    this.#count(call.id, place, -1)
    return call.index
  }

  #count(id: string | null, place: number, sign: 1 | -1): void {
    if (!id) return
    const known = this.#byId.get(id) ?? { open: 0, places: 0 }
    known.open += sign
    known.places += sign * place
    this.#byId.set(id, known)
  }
}
