import type { Batch } from '../../pipeline/batch/batch.ts'
import type { Struct } from '../../pipeline/batch/schema.ts'
import type { ByteWriter } from '../../pipeline/graph/byte-writer.ts'

/** How one trainer wants its rows, as lines of JSON or as records in columns. */
export interface Profile {
  /** row members that it reads, as dotted paths */
  readonly reads: readonly string[]
  /** Writes a row as one line of JSON, its keys in a fixed order. */
  writeLine(batch: Batch, row: number, writer: ByteWriter): void
  /** the shape of `record`'s records */
  readonly schema: Struct
  /** The row for a `Shredder`: what the line says, null where it lacks a member. */
  record(batch: Batch, row: number): Readonly<Record<string, unknown>>
}
