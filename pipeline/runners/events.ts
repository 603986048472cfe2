import type { Receipt } from '../graph/sink.ts'
import type { Bundle, SourceFile } from '../graph/source.ts'
import type { Tallies } from '../worker/committer.ts'

/** What a run tells whoever watches it. */
export type RunEvent =
  | {
      readonly event: 'planned'
      readonly files: readonly SourceFile[]
      readonly ignored: readonly { readonly file: string; readonly why: string }[]
      readonly bundles: number
      readonly rows: number
      readonly bytes: number
    }
  | {
      /** a bundle is settled, or waits for the selection */
      readonly event: 'bundle'
      readonly bundle: Pick<Bundle, 'index'>
      readonly rows: number
      readonly bytes: number
      /** over all bundles so far */
      readonly tallies: Tallies
      readonly counters: Readonly<Record<string, number>>
    }
  | { readonly event: 'selecting' }
  | { readonly event: 'committed'; readonly receipts: readonly Receipt[] }

export type OnEvent = (event: RunEvent) => void
