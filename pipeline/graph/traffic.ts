/** What was asked of a network. */
export interface Traffic {
  readonly requests: number
  /** of the bodies of answers, as they came */
  readonly bytes: number
}

export const NO_TRAFFIC: Traffic = { requests: 0, bytes: 0 }

export function addTraffic(one: Traffic, other: Traffic): Traffic {
  return { requests: one.requests + other.requests, bytes: one.bytes + other.bytes }
}
