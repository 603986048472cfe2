import { z } from 'zod'

/** The form of a saved report; raised when a member changes its meaning. */
export const FORMAT = 1

const nonNegative = z.number().nonnegative()
const share = z.number().min(0)

const spread = z.object({
  min: nonNegative,
  q1: nonNegative,
  median: nonNegative,
  q3: nonNegative,
  max: nonNegative,
})

const machine = z.object({
  processor: z.string(),
  processors: z.int(),
  memoryBytes: z.number(),
  platform: z.string(),
  node: z.string(),
})

const limits = z.object({
  /** bytes that one thread reads and writes in a second as it copies */
  memoryBytesPerSecond: z.number().positive(),
  /** bytes that come out in a second, of pages of the first Parquet file; empty without one */
  decompression: z.array(z.object({ codec: z.string(), bytesPerSecond: z.number().positive() })),
})

const BOUNDS = ['CPU', 'decompression', 'memory', 'waiting', 'committer', 'processors'] as const

const stage = z.object({
  /** of the node, unique in its place */
  name: z.string(),
  /** worker: a step in the workers; committer: a sink's writing; engine: what is left of the workers' time */
  place: z.enum(['worker', 'committer', 'engine']),
  /** the identity transform, which Sluice adds: the least that a step over rows takes */
  isFloor: z.boolean(),
  /** a step, filter or sink of the user's */
  isOwn: z.boolean(),
  /** of each round, nanoseconds for a row that was read, without what other threads took of the workers' */
  rounds: z.array(nonNegative).min(1),
  /** the median of the rounds */
  nanosecondsPerRow: nonNegative,
  /** over the bundles of all rounds; null where bundles are not told apart */
  bundles: spread.nullable(),
  /** of all that workers and committer do; of the floor, what it would be */
  share,
  rowsPerSecond: nonNegative.nullable(),
  tokensPerSecond: nonNegative.nullable(),
  /** bytes of a row that it declares to read, and those that it writes; null where that is not known */
  touchedBytesPerRow: nonNegative.nullable(),
  touchedBytesPerSecond: nonNegative.nullable(),
  /** in the JavaScript heap */
  allocatedBytesPerRow: nonNegative.nullable(),
  /** of its time, the part that garbage was collected in */
  collecting: share.nullable(),
  /** of its time, other threads' left out, the part that its thread had a processor; null where it took too little to tell */
  cpu: share.nullable(),
  /** of its time, the part that pages were decompressed in */
  decompressing: share.nullable(),
  /** the time it would take at the machine's limits, as a part of what it takes; null where it takes less */
  roofline: share.nullable(),
  bound: z.enum(BOUNDS),
})

const scaling = z.object({
  workers: z.int().positive(),
  /** seconds of each round, from the first bundle's start until all is written */
  rounds: z.array(z.number().positive()).min(1),
  rowsPerSecond: spread,
  /** of estimated uncompressed bytes, at the median */
  bytesPerSecond: nonNegative,
  tokensPerSecond: nonNegative,
  /** of rows per second, against the fewest workers; shares of it an added worker */
  speedup: nonNegative,
  /** of the workers' time, the part that they work on bundles */
  busy: share,
  /** of the time they work on bundles, the part that they have a processor */
  cpu: share,
  /** of that time, the part that they are ready and other threads have the processors; 0 where the system does not tell */
  queued: share,
  /** of the time, the part that the committer writes */
  committing: share,
  bound: z.enum(BOUNDS),
})

/** What `sluice bench` measured, and what it saves. */
export const benchReport = z.object({
  format: z.literal(FORMAT),
  sluice: z.string(),
  measuredAt: z.string(),
  machine,
  limits,
  recipe: z.object({ name: z.string(), measure: z.string() }),
  data: z.object({
    files: z.int(),
    rows: z.int().positive(),
    /** estimated uncompressed bytes */
    bytes: nonNegative,
    bundles: z.int().positive(),
    tokens: z.int().nonnegative(),
  }),
  /** from the start of the threads to the first bundle, once */
  startUpSeconds: nonNegative,
  /** of workers that `stages` were measured with */
  stageWorkers: z.int().positive(),
  /** in the order in which they run */
  stages: z.array(stage),
  scaling: z.array(scaling).min(1),
})

export type BenchReport = z.output<typeof benchReport>
export type StageReport = z.output<typeof stage>
export type ScalingReport = z.output<typeof scaling>
export type Machine = z.output<typeof machine>
export type Limits = z.output<typeof limits>
export type Bound = (typeof BOUNDS)[number]
