/** Distribution of a measured value. */
export interface Distribution {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/** What a step counted over some bundles. Plain data; parts merge in any order but for gauges, where the last wins. */
export interface MetricValues {
  counters: Record<string, number>
  distributions: Record<string, Distribution>
  gauges: Record<string, number>
}

/** A step's own measurements. They are committed with their bundle: a bundle that is run again counts once. */
export interface StepMetrics {
  /** adds to a counter */
  count(name: string, by?: number): void
  /** records a value of a distribution */
  record(name: string, value: number): void
  /** sets a gauge: the last value stays */
  gauge(name: string, value: number): void
}

export class MetricSet implements StepMetrics {
  #values: MetricValues = { counters: {}, distributions: {}, gauges: {} }

  count(name: string, by = 1): void {
    this.#values.counters[name] = (this.#values.counters[name] ?? 0) + by
  }

  record(name: string, value: number): void {
    this.#merge(name, { count: 1, sum: value, min: value, max: value })
  }

  gauge(name: string, value: number): void {
    this.#values.gauges[name] = value
  }

  add(other: MetricValues): void {
    for (const [name, by] of Object.entries(other.counters)) this.count(name, by)
    for (const [name, part] of Object.entries(other.distributions)) this.#merge(name, part)
    Object.assign(this.#values.gauges, other.gauges)
  }

  /** The values so far, leaving none behind. */
  take(): MetricValues {
    const values = this.#values
    this.#values = { counters: {}, distributions: {}, gauges: {} }
    return values
  }

  get values(): Readonly<MetricValues> {
    return this.#values
  }

  #merge(name: string, part: Distribution): void {
    const old = this.#values.distributions[name]
    this.#values.distributions[name] = old
      ? {
          count: old.count + part.count,
          sum: old.sum + part.sum,
          min: Math.min(old.min, part.min),
          max: Math.max(old.max, part.max),
        }
      : part
  }
}
