import { z } from 'zod'
import { defineSink } from '../pipeline/graph/write.ts'
import { shreddedLeaves } from '../pipeline/shred/shredded-leaf.ts'
import { Shredder } from '../pipeline/shred/shredder.ts'
import type { ParsedRow } from '../transforms/emit/conversation.ts'
import { PROFILE_NAMES, PROFILES } from '../transforms/emit/profiles.ts'
import type { AtomicFile } from './atomic-file.ts'
import { COMPRESSIONS } from './compression.ts'
import { packPages, unpackPages } from './parquet/bundle-pages.ts'
import { NestedFile } from './parquet/nested-file.ts'
import { schemaElements } from './parquet/schema-elements.ts'
import { type Shard, Shards } from './shards.ts'

const options = z.strictObject({
  /** relative to the output directory */
  directory: z.string().default('data'),
  prefix: z.string().default('train'),
  compression: z.enum(COMPRESSIONS).default('zstd'),
  profile: z.enum(PROFILE_NAMES).default('canonical'),
  /** a shard closes at the first end of a bundle at or past this many bytes, its footer not counted */
  shardBytes: z
    .int()
    .positive()
    .default(2 ** 30),
})

type Options = z.output<typeof options>

const CODECS = { none: 'UNCOMPRESSED', gzip: 'GZIP', zstd: 'ZSTD' } as const

/**
 * The training set as Parquet in shards `train-00000.parquet`, one profile's row a row, nested: `messages` is a list of
 * structs. What is any JSON, a call's arguments and a tool's definition, has the logical type JSON. Pages are encoded
 * and compressed in the workers; the committer gathers them to row groups of 64 MiB and up, with an index of pages. No
 * file when there are no rows.
 */
export const writeParquet = defineSink<ParsedRow, typeof options>({
  module: import.meta.url,
  name: 'writeParquet',
  options,
  reads: ({ profile }) => PROFILES[profile].reads,
  encoder: ({ profile }) => {
    const { schema, record } = PROFILES[profile]
    const shredder = new Shredder(schema)
    return { encode: (batch, row, writer) => shredder.write(record(batch, row), writer) }
  },
  seal: (segment, { profile, compression }) =>
    packPages(segment, shreddedLeaves(PROFILES[profile].schema), compression),
  open: (parsed, context) =>
    new Shards({
      context,
      pathOf: (number) => `${parsed.directory}/${parsed.prefix}-${number}.parquet`,
      shardBytes: parsed.shardBytes,
      open: (file) => recordsIn(file, parsed),
    }),
})

function recordsIn(file: AtomicFile, { profile, compression }: Options): Shard {
  const { schema } = PROFILES[profile]
  const leaves = shreddedLeaves(schema)
  const nested = new NestedFile(file, { schema: schemaElements(schema), leaves, codec: CODECS[compression] })
  return {
    file,
    get bytes() {
      return nested.bytes
    },
    append: ({ segment, rows }) => nested.append(unpackPages(segment!), rows),
    complete: () => nested.complete(),
  }
}
