import type { Bundle } from '../pipeline/graph/source.ts'
import type { HubPlace } from './hub/hub-place.ts'
import type { LineStart } from './jsonl/lines.ts'

/** Where the bytes of a bundle's file are, if not where its name says. */
export type Place = { readonly kind: 'disk'; readonly path: string } | HubPlace

/** A bundle of JSON lines says where it starts, so that nobody has to count lines again. */
export type TraceBundle = Bundle & {
  readonly start?: LineStart
  readonly place?: Place
  /** of a remote file: the end of its rows that the run reads */
  readonly until?: number
}
