import type { Pipeline } from '../graph/pipeline.ts'
import type { Bundle, PlanRequest, Source, SourceFile } from '../graph/source.ts'
import { addByFile, type TrafficByFile } from '../graph/traffic.ts'
import type { Plan } from '../plan/plan.ts'
import type { Lease } from '../worker/stage-task.ts'

/** What the sources of a plan will read. */
export interface PlannedSources {
  /** in the order of the output */
  readonly leases: readonly Lease[]
  readonly files: readonly SourceFile[]
  readonly ignored: readonly { readonly file: string; readonly why: string }[]
  readonly bundles: number
  readonly rows: number
  /** estimated uncompressed bytes */
  readonly bytes: number
  /** what planning asked of a network */
  readonly traffic: TrafficByFile
  /** those that planned, by the node that reads: they serve those that read, and are to be closed */
  readonly sources: ReadonlyMap<number, Source<unknown>>
}

/** How many bundles a lease holds at most: few, so that what waits for its turn stays small. */
const LEASE_BUNDLES = 2

/** Asks each source for its bundles; the sources stay open. `limit` counts the rows of all sources together. */
export async function planSources(
  pipeline: Pipeline,
  plan: Plan,
  { limit, ...common }: Pick<PlanRequest, 'limit' | 'spool' | 'signal'>,
): Promise<PlannedSources> {
  const leases: Lease[] = []
  const files: SourceFile[] = []
  const ignored: { file: string; why: string }[] = []
  const total = { bundles: 0, rows: 0, bytes: 0 }
  let traffic: TrafficByFile = new Map()
  const sources = new Map<number, Source<unknown>>()
  try {
    for (const node of plan.nodes) {
      const { operation } = pipeline.nodes[node.id]!
      if (node.kind !== 'read' || operation.kind !== 'read') continue
      const source = operation.open()
      sources.set(node.id, source)
      const left = limit === null ? null : limit - total.rows
      const planned = await source.plan({ ...common, limit: left, layout: node.layout })
      leases.push(...leasesOf(node.id, planned.bundles, total.bundles))
      files.push(...planned.files)
      ignored.push(...planned.ignored)
      traffic = addByFile(traffic, source.takeTraffic?.() ?? new Map())
      total.bundles += planned.bundles.length
      for (const { rows, bytes } of planned.bundles) {
        total.rows += rows
        total.bytes += bytes
      }
    }
  } catch (error) {
    await closeSources(sources)
    throw error
  }
  return { leases, files, ignored, traffic, sources, ...total }
}

export async function closeSources(sources: PlannedSources['sources']): Promise<void> {
  for (const source of sources.values()) await source.close()
}

/** Runs of bundles that one worker takes in a row, so that it reads a file on rather than seeking. */
function leasesOf(read: number, bundles: readonly Bundle[], firstIndex: number): Lease[] {
  const leases: { read: number; bundles: Bundle[] }[] = []
  for (const [position, bundle] of bundles.entries()) {
    const numbered = { ...bundle, index: firstIndex + position }
    const last = leases.at(-1)
    const goesOn = last && last.bundles.length < LEASE_BUNDLES && last.bundles[0]!.file === bundle.file
    if (goesOn) last.bundles.push(numbered)
    else leases.push({ read, bundles: [numbered] })
  }
  return leases
}
