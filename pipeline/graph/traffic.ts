/** What was asked of a network. */
export interface Traffic {
  readonly requests: number
  /** of the bodies of answers, as they came */
  readonly bytes: number
}

export const NO_TRAFFIC: Traffic = { requests: 0, bytes: 0 }

/** Traffic by file, and by the empty name what was of none. */
export type TrafficByFile = ReadonlyMap<string, Traffic>

export function allTraffic(byFile: TrafficByFile): Traffic {
  return [...byFile.values()].reduce(addTraffic, NO_TRAFFIC)
}

export function addByFile(one: TrafficByFile, other: TrafficByFile): TrafficByFile {
  const sum = new Map(one)
  for (const [file, traffic] of other) sum.set(file, addTraffic(sum.get(file) ?? NO_TRAFFIC, traffic))
  return sum
}

export function addTraffic(one: Traffic, other: Traffic): Traffic {
  return { requests: one.requests + other.requests, bytes: one.bytes + other.bytes }
}
