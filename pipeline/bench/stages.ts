import type { Plan, PlannedNode } from '../plan/plan.ts'
import type { BundleWork, StepCosts } from '../worker/bundle-result.ts'
import { boundOfStage } from './bound.ts'
import { identity } from './identity.ts'
import type { Limits, StageReport } from './report.ts'
import type { BundleRecord, Round } from './round.ts'
import { median, spreadOf } from './spread.ts'

interface Scale {
  readonly limits: Limits
  /** of all rows */
  readonly tokens: number
}

/** Where a stage's times come from: nanoseconds of one round, and of one bundle where bundles are told apart. */
interface Timed {
  readonly name: string
  readonly place: StageReport['place']
  readonly node: PlannedNode | null
  ofRound(round: Round): number
  readonly ofBundle: ((bundle: BundleRecord) => number) | null
}

/** What each stage takes, by rounds that measured time alone; what it costs beside it, by others that measured all. */
export function stageReports(rounds: readonly Round[], costs: readonly Round[], scale: Scale): StageReport[] {
  const { plan, rows } = rounds[0]!.result
  const stages = [...workerStages(plan), engineStage(), ...committerStages(plan)]
  const reports = stages
    .map((stage) => reportOf(stage, rounds, { costs, rows, scale }))
    .filter(({ nanosecondsPerRow }) => nanosecondsPerRow > 0)
  const whole = reports.reduce(
    (sum, { isFloor, nanosecondsPerRow }) => sum + (isFloor ? 0 : nanosecondsPerRow),
    0,
  )
  return reports.map((report) => ({ ...report, share: report.nanosecondsPerRow / whole }))
}

export function namesOf(plan: Plan): string[] {
  return [...workerStages(plan), engineStage()].map(({ name }) => name)
}

function workerStages(plan: Plan): Timed[] {
  return plan.nodes
    .filter(({ place, kind }) => place === 'worker' && kind !== 'create')
    .map((node) => {
      const ofBundle = ({ timings, work }: BundleRecord) =>
        (timings[node.id]?.nanoseconds ?? 0) * ownPart(work)
      return { name: node.name, place: 'worker', node, ofBundle, ofRound: overBundles(ofBundle) }
    })
}

/**
 * The part of a bundle's time that other threads did not take by having the processors. It is known for the bundle; of
 * its steps, each is taken to have lost as much of its time.
 */
function ownPart({ nanoseconds, queuedNanoseconds }: BundleWork): number {
  return nanoseconds > 0 ? Math.max(0, 1 - queuedNanoseconds / nanoseconds) : 1
}

/** What is left of the bundles' time: handing batches from step to step. */
function engineStage(): Timed {
  const ofBundle = ({ work, timings }: BundleRecord) => {
    const booked = Object.values(timings).reduce((sum, { nanoseconds }) => sum + nanoseconds, 0)
    return Math.max(0, work.nanoseconds - booked) * ownPart(work)
  }
  return { name: 'engine', place: 'engine', node: null, ofBundle, ofRound: overBundles(ofBundle) }
}

function committerStages(plan: Plan): Timed[] {
  return plan.nodes
    .filter(({ kind }) => kind === 'write')
    .map((node) => ({
      name: node.name,
      place: 'committer',
      node,
      ofBundle: null,
      ofRound: ({ writing }) => writing[node.id]?.nanoseconds ?? 0,
    }))
}

function overBundles(ofBundle: (bundle: BundleRecord) => number): Timed['ofRound'] {
  return ({ bundles }) => bundles.reduce((sum, bundle) => sum + ofBundle(bundle), 0)
}

interface Measured {
  readonly costs: readonly Round[]
  readonly rows: number
  readonly scale: Scale
}

function reportOf(stage: Timed, rounds: readonly Round[], { costs, rows, scale }: Measured): StageReport {
  const { name, place, node, ofBundle, ofRound } = stage
  const perRound = rounds.map((round) => ofRound(round) / rows)
  const nanosecondsPerRow = median(perRound)
  const perSecond = (amount: number) => (nanosecondsPerRow > 0 ? (amount * 1e9) / nanosecondsPerRow : null)
  const bundles = costs.flatMap((round) => round.bundles)
  const cost = costOf(stage, bundles)
  const costRows = rows * costs.length
  const touched = cost && cost.touchedBytes / costRows
  const limit = cost && rooflineOf(node, cost, { bundles, limits: scale.limits })
  const shares = {
    cpu: cost && (cost.nanoseconds < LEAST_FOR_CPU ? null : part(cost.cpuNanoseconds, cost.ownNanoseconds)),
    decompressing: node?.kind === 'read' && cost ? part(decompressingOf(bundles), cost.nanoseconds) : null,
    roofline: limit === null ? null : rooflineShare(limit, nanosecondsPerRow * costRows),
  }
  return {
    name,
    place,
    isFloor: isFloor(node),
    isOwn: isOwn(node),
    rounds: perRound,
    nanosecondsPerRow,
    bundles:
      ofBundle &&
      spreadOf(
        rounds.flatMap(({ bundles }) => bundles.map((bundle) => ofBundle(bundle) / Math.max(1, bundle.rows))),
      ),
    share: 0,
    rowsPerSecond: perSecond(1),
    tokensPerSecond: perSecond(scale.tokens / rows),
    touchedBytesPerRow: touched,
    touchedBytesPerSecond: touched === null ? null : perSecond(touched),
    allocatedBytesPerRow: cost && cost.allocatedBytes / costRows,
    collecting: cost && part(cost.collectingNanoseconds, cost.nanoseconds),
    ...shares,
    bound: boundOfStage(shares),
  }
}

/** Systems book processor time in ticks of up to some milliseconds: below so many of them a share says nothing. */
const LEAST_FOR_CPU = 50e6

function isFloor(node: PlannedNode | null): boolean {
  return node?.kind === 'step' && node.ref.module === identity.definition.module
}

/** Where Sluice's own steps and sinks are. */
const BUILT_IN = ['pipeline', 'transforms', 'sources', 'sinks'].map(
  (folder) => new URL(`../../${folder}/`, import.meta.url).href,
)

function isOwn(node: PlannedNode | null): boolean {
  if (!node || !('ref' in node) || !node.ref) return false
  const { module } = node.ref
  return !BUILT_IN.some((folder) => module.startsWith(folder))
}

interface Cost extends StepCosts {
  readonly nanoseconds: number
  /** without what other threads took */
  readonly ownNanoseconds: number
}

/** What a stage of the workers cost over bundles; null where it is not measured. */
function costOf({ node, place }: Timed, bundles: readonly BundleRecord[]): Cost | null {
  if (!node || place !== 'worker') return null
  const sum = {
    nanoseconds: 0,
    ownNanoseconds: 0,
    cpuNanoseconds: 0,
    allocatedBytes: 0,
    collectingNanoseconds: 0,
    touchedBytes: 0,
  }
  for (const { timings, work, encodedBytes, decompressed } of bundles) {
    const timing = timings[node.id]
    sum.nanoseconds += timing?.nanoseconds ?? 0
    sum.ownNanoseconds += (timing?.nanoseconds ?? 0) * ownPart(work)
    sum.cpuNanoseconds += timing?.costs?.cpuNanoseconds ?? 0
    sum.allocatedBytes += timing?.costs?.allocatedBytes ?? 0
    sum.collectingNanoseconds += timing?.costs?.collectingNanoseconds ?? 0
    sum.touchedBytes += (timing?.costs?.touchedBytes ?? 0) + (encodedBytes[node.id] ?? 0)
    if (node.kind === 'read') for (const { from, to } of decompressed) sum.touchedBytes += from + to
  }
  return sum
}

/** Nanoseconds; pages that are not compressed are only copied. */
function decompressingOf(bundles: readonly BundleRecord[]): number {
  return bundles
    .flatMap(({ decompressed }) => decompressed)
    .reduce((sum, { codec, nanoseconds }) => (codec === 'UNCOMPRESSED' ? sum : sum + nanoseconds), 0)
}

interface Under {
  readonly bundles: readonly BundleRecord[]
  readonly limits: Limits
}

/** Nanoseconds that a stage's bytes take where memory and decompression are all that takes time. */
function rooflineOf(node: PlannedNode | null, { touchedBytes }: Cost, { bundles, limits }: Under): number {
  const moving = touchedBytes / limits.memoryBytesPerSecond
  if (node?.kind !== 'read') return 1e9 * moving
  const decompressing = bundles
    .flatMap(({ decompressed }) => decompressed)
    .reduce((sum, { codec, to }) => {
      const limit = limits.decompression.find((rate) => rate.codec === codec)
      return limit ? sum + to / limit.bytesPerSecond : sum
    }, 0)
  // Decompressing moves the same bytes: the slower of the two is the limit.
  return 1e9 * Math.max(moving, decompressing)
}

/** Null for a stage that is faster than the limit of what it declares: it reads less than that, or from the caches. */
function rooflineShare(limit: number, nanoseconds: number): number | null {
  return nanoseconds > 0 && limit <= nanoseconds ? limit / nanoseconds : null
}

function part(some: number, whole: number): number {
  return whole > 0 ? Math.min(1, some / whole) : 0
}
