import { z } from 'zod'
import type { SinkBundle, SinkContext, SinkWriter } from '../pipeline/graph/sink.ts'
import { defineSink } from '../pipeline/graph/write.ts'
import type { ParsedRow } from '../transforms/emit/conversation.ts'
import { PROFILE_NAMES, PROFILES } from '../transforms/emit/profiles.ts'
import { AtomicFile, publishAll } from './atomic-file.ts'
import { COMPRESSION, COMPRESSIONS } from './compression.ts'

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

type Options = z.output<typeof options>

/**
 * The training set as JSON Lines in shards `train-00000.jsonl`, one profile's row a line. Each bundle is one
 * piece: plain lines, a gzip member or a zstd frame. No file when there are no rows.
 */
export const writeJsonl = defineSink<ParsedRow, typeof options>({
  module: import.meta.url,
  name: 'writeJsonl',
  options,
  reads: ({ profile }) => PROFILES[profile].reads,
  encoder: ({ profile }) => PROFILES[profile],
  seal: (segment, { compression }) => COMPRESSION[compression].compress(segment),
  open: (parsed, context) => new JsonlShards(parsed, context),
})

class JsonlShards implements SinkWriter {
  readonly #options: Options
  readonly #context: SinkContext
  readonly #shards: AtomicFile[] = []
  /** the shard being written, the last one */
  #open: AtomicFile | null = null

  constructor(parsed: Options, context: SinkContext) {
    this.#options = parsed
    this.#context = context
  }

  async write(bundle: SinkBundle): Promise<void> {
    if (bundle.rows === 0) return
    this.#open ??= await this.#startShard()
    await this.#open.append(bundle.segment!, bundle.rows)
    if (this.#open.bytes < this.#options.shardBytes) return
    await this.#open.finish()
    this.#open = null
  }

  commit() {
    return publishAll(this.#shards)
  }

  async abort(): Promise<void> {
    for (const shard of this.#shards) await shard.remove()
  }

  async #startShard(): Promise<AtomicFile> {
    const { directory, prefix, compression } = this.#options
    const number = String(this.#shards.length).padStart(5, '0')
    const name = `${directory}/${prefix}-${number}.jsonl${COMPRESSION[compression].suffix}`
    const shard = await AtomicFile.open(this.#context, name)
    this.#shards.push(shard)
    return shard
  }
}
