import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Fault, FaultKind } from '../../../support/fake-hub/faults.ts'
import type { Random } from '../../../support/random.ts'
import { ALL, type Outcome, PARTS, type Rig, TOKEN, type Trial } from './rig.ts'

/** A row of the matrix. */
export interface MatrixRow {
  readonly name: string
  /** trials of the whole matrix */
  readonly trials: number
  /** what may become of a run */
  readonly allowed: readonly Outcome[]
  trial(rig: Rig, random: Random): Promise<Trial>
}

type Endpoint = 'api' | 'resolve' | 'cdn'

/** Requests of a run over all parts, at each endpoint, about. */
const REQUESTS: Readonly<Record<Endpoint, number>> = { api: 6, resolve: 3, cdn: 8 }

/** Hits one to three requests, the first of them anywhere in the run. */
function hit(rig: Rig, random: Random, on: Endpoint, kind: FaultKind): void {
  rig.hub.faults.add({ ...kind, on, times: 1 + random.below(3), skip: random.below(REQUESTS[on]) } as Fault)
}

const brokenBodies = (random: Random): readonly FaultKind[] => [
  { kind: 'reset', after: random.below(60_000) },
  { kind: 'truncate', after: random.below(60_000) },
  { kind: 'short', by: 1 + random.below(20_000) },
  { kind: 'ignore-range' },
  { kind: 'etag' },
]

export const MATRIX: readonly MatrixRow[] = [
  {
    name: 'reset, cut off, short, portal, whole file, other ETag',
    trials: 500,
    allowed: ['equal'],
    trial: (rig, random) =>
      rig.try({ from: ALL }, () => {
        const on = random.of<Endpoint>(['api', 'resolve', 'cdn', 'cdn', 'cdn'])
        const anywhere: readonly FaultKind[] = [{ kind: 'reset' }, { kind: 'portal' }]
        hit(rig, random, on, random.of(on === 'cdn' ? [...anywhere, ...brokenBodies(random)] : anywhere))
      }),
  },
  {
    name: '429, 5xx, expired address',
    trials: 200,
    allowed: ['equal'],
    trial: async (rig, random) => {
      const on = random.of<Endpoint>(['api', 'resolve', 'cdn'])
      const status = random.of([408, 429, 429, 500, 502, 503, 504, ...(on === 'cdn' ? [403, 403, 410] : [])])
      const asked: Readonly<Record<string, string>> = random.of([
        { 'retry-after': '1' },
        { ratelimit: '"resolvers";r=0;t=0' },
      ])
      const headers = status === 429 || status === 503 ? asked : {}
      const trial = await rig.try({ from: ALL }, () =>
        hit(rig, random, on, { kind: 'status', status, headers }),
      )
      const early = 'retry-after' in headers || 'ratelimit' in headers ? cameEarly(rig) : null
      return early === null ? trial : { ...trial, outcome: 'wrong', said: early }
    },
  },
  {
    name: 'silence, standstill, drip',
    trials: 50,
    allowed: ['equal'],
    trial: (rig, random) =>
      rig.try({ from: ALL }, () => {
        const on = random.of<Endpoint>(['api', 'resolve', 'cdn', 'cdn'])
        const silence: FaultKind = { kind: 'silence' }
        const amid: readonly FaultKind[] = [
          { kind: 'stall', after: random.below(10_000) },
          { kind: 'drip', bytes: 16, every: 20 },
        ]
        rig.hub.faults.add({
          ...random.of(on === 'cdn' ? [silence, ...amid] : [silence]),
          on,
          times: 1,
          skip: random.below(REQUESTS[on]),
        } as Fault)
      }),
  },
  {
    name: 'bit flips, pages with checksums',
    trials: 100,
    allowed: ['equal', 'reported', 'refused'],
    trial: (rig, random) =>
      rig.try({ from: [PARTS.checked], measure: random.of(['all', 'kept']) }, () => {
        rig.hub.faults.add({ kind: 'flip', at: random.next(), on: 'cdn', times: 1, skip: random.below(4) })
      }),
  },
  {
    name: 'bit flips, whole files verified',
    trials: 100,
    allowed: ['equal'],
    trial: (rig, random) =>
      rig.try({ from: ALL, verifyWhole: true }, () => {
        // The first requests are for footers and the beginning of lines: they plan, and what is read is verified.
        rig.hub.faults.add({
          kind: 'flip',
          at: random.next(),
          on: 'cdn',
          times: 1,
          skip: 3 + random.below(4),
        })
      }),
  },
  {
    name: 'a branch that moves',
    trials: 20,
    allowed: ['equal'],
    trial: async (rig, random) => {
      const on = random.of<Endpoint>(['api', 'resolve', 'cdn'])
      const skip = on === 'api' ? 1 + random.below(4) : random.below(3)
      const trial = await rig.try({ from: ALL }, () =>
        rig.hub.faults.add({ kind: 'meanwhile', happens: () => rig.moveBranch(), on, times: 1, skip }),
      )
      rig.moveBranchBack()
      return trial
    },
  },
  {
    name: 'token canary: leaks and redirects',
    trials: 30,
    allowed: ['equal', 'refused'],
    trial: async (rig, random) => {
      const { endpoint } = rig.elsewhere
      const [on, kind] = random.of<readonly [Endpoint, FaultKind]>([
        [
          'api',
          { kind: 'headers', headers: { link: `<${endpoint}/api/datasets/me/plain/tree/x>; rel="next"` } },
        ],
        ['resolve', { kind: 'headers', headers: { link: `<${endpoint}/xet-read-token>; rel="xet-auth"` } }],
        ['cdn', { kind: 'headers', headers: { 'x-cache': 'Hit from cloudfront' } }],
        ['api', { kind: 'redirect', location: `${endpoint}/api/x` }],
        ['resolve', { kind: 'redirect', location: `${endpoint}/datasets/x` }],
        ['cdn', { kind: 'redirect', location: `${rig.elsewhere.cdn}/x` }],
        ['cdn', { kind: 'redirect', location: 'https://hub.example/x' }],
      ])
      const trial = await rig.try({ from: ALL }, () => hit(rig, random, on, kind))
      const leaked = leaksOf(rig, trial)
      return leaked === null ? trial : { ...trial, outcome: 'wrong', said: leaked }
    },
  },
]

/** A second less what a clock may be off. */
const ASKED_WAIT = 990

/** Says which request came again before the wait that was asked for was over; null when none did. */
function cameEarly({ hub: { seen } }: Rig): string | null {
  for (const [at, refused] of seen.entries()) {
    if (refused.fault === null) continue
    const again = seen.slice(at + 1).find(({ on, range }) => on === refused.on && range === refused.range)
    // A question of another path may be on its way already.
    if (again && again.path === refused.path && again.at - refused.at < ASKED_WAIT)
      return `${refused.path} was asked again after ${Math.round(again.at - refused.at)} ms`
  }
  return null
}

/** Where the token went that it must not; null for nowhere. */
function leaksOf({ hub, elsewhere }: Rig, { said, directory }: Trial): string | null {
  const others = [...hub.seen.filter(({ on }) => on === 'cdn'), ...elsewhere.seen]
  const sent = others.find(({ authorization, path }) => authorization !== null || path.includes(TOKEN))
  if (sent) return `the token was sent with ${sent.path}`
  if (said.includes(TOKEN)) return 'the token was said'
  const written = filesBelow(directory).find((file) => readFileSync(file, 'latin1').includes(TOKEN))
  return written === undefined ? null : `the token is in ${written}`
}

function filesBelow(directory: string): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })) return []
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((file) => statSync(file).isFile())
}
