import { z } from 'zod'
import { defineSink } from '../pipeline/graph/write.ts'
import type { ParsedRow } from '../transforms/emit/conversation.ts'
import { PROFILE_NAMES, PROFILES } from '../transforms/emit/profiles.ts'
import type { AtomicFile } from './atomic-file.ts'
import { COMPRESSION, COMPRESSIONS } from './compression.ts'
import { type Shard, Shards } from './shards.ts'

const options = z.strictObject({
  /** relative to the output directory */
  directory: z.string().default('data'),
  prefix: z.string().default('train'),
  compression: z.enum(COMPRESSIONS).default('none'),
  profile: z.enum(PROFILE_NAMES).default('canonical'),
  /** a shard closes at the first end of a bundle at or past this many bytes of file */
  shardBytes: z
    .int()
    .positive()
    .default(2 ** 30),
})

/**
 * The training set as JSON Lines in shards `train-00000.jsonl`, one profile's row a line. Each bundle is one
 * piece: plain lines, a gzip member or a zstd frame. No file when there are no rows.
 */
export const writeJsonl = defineSink<ParsedRow, typeof options>({
  module: import.meta.url,
  name: 'writeJsonl',
  options,
  reads: ({ profile }) => PROFILES[profile].reads,
  encoder: ({ profile }) => ({ encode: PROFILES[profile].writeLine }),
  seal: (segment, { compression }) => COMPRESSION[compression].compress(segment),
  open: ({ directory, prefix, compression, shardBytes }, context) =>
    new Shards({
      context,
      pathOf: (number) => `${directory}/${prefix}-${number}.jsonl${COMPRESSION[compression].suffix}`,
      shardBytes,
      open: linesIn,
    }),
})

function linesIn(file: AtomicFile): Shard {
  return {
    file,
    get bytes() {
      return file.bytes
    },
    append: ({ segment, rows }) => file.append(segment!, rows),
    complete: async () => {},
  }
}
