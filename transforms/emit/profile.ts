import type { RowEncoder } from '../../pipeline/graph/sink.ts'

/** How one trainer wants its rows. Its encoder writes a row as one line of JSON, its keys in a fixed order. */
export interface Profile extends RowEncoder {
  /** row members that it reads, as dotted paths */
  readonly reads: readonly string[]
}
