// A pair is held as one exact double, rank above position, so that comparing numbers orders pairs.
const POSITION_RANGE = 2 ** 32

// Four children a node: half the depth of two, and the children of a node lie together in memory.
const CHILDREN_SHIFT = 2
const CHILDREN = 1 << CHILDREN_SHIFT

/** The pairs of a piece that could be joined, lowest rank first, leftmost first among equals: a heap. */
export class PairQueue {
  #heap: Float64Array
  #size = 0

  /** `capacity` is a first guess at the number of pairs held at once. */
  constructor(capacity: number) {
    this.#heap = new Float64Array(Math.max(capacity, 1))
  }

  get size(): number {
    return this.#size
  }

  /** Adds the pair whose left part starts at `position`. Ranks are below 2^21. */
  push(rank: number, position: number): void {
    if (this.#size === this.#heap.length) this.#grow()
    const heap = this.#heap
    const pair = rank * POSITION_RANGE + position
    let index = this.#size++
    while (index > 0) {
      const parent = (index - 1) >> CHILDREN_SHIFT
      if (heap[parent]! <= pair) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = pair
  }

  /** Takes out the first pair; the queue isn't empty. `rankOfPair` and `positionOfPair` read it. */
  pop(): number {
    const heap = this.#heap
    const first = heap[0]!
    const size = --this.#size
    const last = heap[size]!
    let index = 0
    for (;;) {
      const firstChild = (index << CHILDREN_SHIFT) + 1
      if (firstChild >= size) break
      const endOfChildren = Math.min(firstChild + CHILDREN, size)
      let child = firstChild
      let least = heap[firstChild]!
      for (let other = firstChild + 1; other < endOfChildren; other++) {
        const pair = heap[other]!
        if (pair < least) {
          least = pair
          child = other
        }
      }
      if (least >= last) break
      heap[index] = least
      index = child
    }
    heap[index] = last
    return first
  }

  #grow(): void {
    const larger = new Float64Array(this.#heap.length * 2)
    larger.set(this.#heap)
    this.#heap = larger
  }
}

export function rankOfPair(pair: number): number {
  return Math.floor(pair / POSITION_RANGE)
}

export function positionOfPair(pair: number): number {
  return pair - rankOfPair(pair) * POSITION_RANGE
}
