import type { Bound, ScalingReport, StageReport } from './report.ts'

/** A stage that has a processor for less of its time than this waits for something else. */
const WAITING_BELOW = 0.5
/** What takes this much of a stage's time bounds it. */
const MOST = 0.5
/** Workers that are busy for less of their time than this wait for somebody. */
const IDLE_BELOW = 0.75
/** A committer that writes for more of the time than this keeps workers waiting. */
const COMMITTER_FULL = 0.8

/** What bounds a stage: what it would take more of to make it faster. */
export function boundOfStage({
  cpu,
  decompressing,
  roofline,
}: Pick<StageReport, 'cpu' | 'decompressing' | 'roofline'>): Bound {
  if (cpu !== null && cpu < WAITING_BELOW) return 'waiting'
  if (decompressing !== null && decompressing >= MOST) return 'decompression'
  if (roofline !== null && roofline >= MOST) return 'memory'
  return 'CPU'
}

/** Workers that are ready for more of their time than this, and have no processor, would gain most by one. */
const QUEUED_ABOVE = 1 / 3

/** What bounds a whole run. */
export function boundOfRun({
  busy,
  cpu,
  queued,
  committing,
}: Pick<ScalingReport, 'busy' | 'cpu' | 'queued' | 'committing'>): Bound {
  if (queued >= QUEUED_ABOVE) return 'processors'
  if (committing >= COMMITTER_FULL) return 'committer'
  return busy < IDLE_BELOW || cpu < WAITING_BELOW ? 'waiting' : 'CPU'
}
