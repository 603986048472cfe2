import type { BenchReport, ScalingReport, StageReport } from '../../../pipeline/bench/report.ts'

/** A stage as it could have been measured, with rounds close to each other. */
export function stageReport(changes: Partial<StageReport> & { readonly name: string }): StageReport {
  const nanoseconds = changes.nanosecondsPerRow ?? 100_000
  return {
    place: 'worker',
    isFloor: false,
    isOwn: false,
    rounds: [0.98, 1, 1.01, 0.99, 1.02].map((factor) => factor * nanoseconds),
    nanosecondsPerRow: nanoseconds,
    bundles: {
      min: nanoseconds / 2,
      q1: nanoseconds * 0.9,
      median: nanoseconds,
      q3: nanoseconds * 1.3,
      max: nanoseconds * 3,
    },
    share: 0.1,
    rowsPerSecond: 1e9 / nanoseconds,
    tokensPerSecond: 28e12 / nanoseconds,
    touchedBytesPerRow: 94_500,
    touchedBytesPerSecond: 94.5e12 / nanoseconds,
    allocatedBytesPerRow: 12_345,
    collecting: 0.12,
    cpu: 0.98,
    decompressing: null,
    roofline: 0.05,
    bound: 'CPU',
    ...changes,
  }
}

function scalingReport(workers: number, rowsPerSecond: number): ScalingReport {
  const seconds = 1000 / rowsPerSecond
  return {
    workers,
    rounds: [0.98, 1, 1.01, 0.99, 1.02].map((factor) => factor * seconds),
    rowsPerSecond: {
      min: rowsPerSecond * 0.98,
      q1: rowsPerSecond * 0.99,
      median: rowsPerSecond,
      q3: rowsPerSecond * 1.01,
      max: rowsPerSecond * 1.02,
    },
    bytesPerSecond: rowsPerSecond * 104_300,
    tokensPerSecond: rowsPerSecond * 28_400,
    speedup: rowsPerSecond / 1500,
    busy: 0.95,
    queued: 0.05,
    cpu: 0.97,
    committing: 0.21,
    bound: 'CPU',
  }
}

const STAGES = [
  stageReport({ name: 'readTraces', bound: 'decompression', decompressing: 0.64, share: 0.2, roofline: 0.6 }),
  stageReport({ name: 'countTokens', nanosecondsPerRow: 240_000, share: 0.4 }),
  stageReport({
    name: 'aStepOfTheUsersWithALongName',
    isOwn: true,
    nanosecondsPerRow: 1_234_567,
    share: 0.3,
  }),
  stageReport({ name: 'identity', isFloor: true, nanosecondsPerRow: 210, share: 0.0001, cpu: null }),
  stageReport({ name: 'keepWithAgent', nanosecondsPerRow: 400, share: 0.002, cpu: null }),
  stageReport({ name: 'engine', place: 'engine', nanosecondsPerRow: 900, share: 0.004 }),
  stageReport({
    name: 'writeJsonl',
    place: 'committer',
    bundles: null,
    cpu: null,
    share: 0.1,
    roofline: null,
  }),
]

/** A report as it could have been measured. */
export function benchReportOf(changes: Partial<BenchReport> = {}): BenchReport {
  return {
    format: 1,
    sluice: '0.1.0',
    measuredAt: '2026-11-26T12:00:00.000Z',
    machine: {
      processor: 'a processor',
      processors: 2,
      memoryBytes: 8e9,
      platform: 'linux x64',
      node: '24.21.0',
    },
    limits: { memoryBytesPerSecond: 12e9, decompression: [{ codec: 'SNAPPY', bytesPerSecond: 800e6 }] },
    recipe: { name: 'curate', measure: 'all' },
    data: { files: 4, rows: 1000, bytes: 104_300_000, bundles: 7, tokens: 28_400_000 },
    startUpSeconds: 0.4,
    stageWorkers: 1,
    stages: STAGES,
    scaling: [scalingReport(1, 1500), scalingReport(2, 2800)],
    ...changes,
  }
}
