import type { Receipt, SinkBundle, SinkContext, SinkWriter } from '../pipeline/graph/sink.ts'
import { AtomicFile, publishAll } from './atomic-file.ts'

/** One of the files that a training set is spread over. */
export interface Shard {
  readonly file: AtomicFile
  /** of the file, as far as it has got */
  readonly bytes: number
  append(bundle: SinkBundle): Promise<void>
  /** Writes what comes after the last bundle. */
  complete(): Promise<void>
}

interface ShardsOptions {
  readonly context: SinkContext
  /** `data/train-00000.jsonl` for shard 0, relative to the output directory */
  pathOf(number: string): string
  /** a shard closes at the first end of a bundle at or past this many bytes */
  readonly shardBytes: number
  open(file: AtomicFile): Shard
}

/** Writes bundles to shards, one after the other. A bundle is never split; no rows make no file. */
export class Shards implements SinkWriter {
  readonly #options: ShardsOptions
  readonly #files: AtomicFile[] = []
  /** the shard being written, the last one */
  #open: Shard | null = null

  constructor(options: ShardsOptions) {
    this.#options = options
  }

  async write(bundle: SinkBundle): Promise<void> {
    if (bundle.rows === 0) return
    this.#open ??= await this.#startShard()
    await this.#open.append(bundle)
    if (this.#open.bytes >= this.#options.shardBytes) await this.#closeShard()
  }

  commit(): Promise<readonly Receipt[]> {
    return publishAll(this.#files, () => this.#closeShard())
  }

  async abort(): Promise<void> {
    for (const file of this.#files) await file.remove()
  }

  async #startShard(): Promise<Shard> {
    const { context, pathOf, open } = this.#options
    const number = String(this.#files.length).padStart(5, '0')
    const file = await AtomicFile.open(context, pathOf(number))
    this.#files.push(file)
    return open(file)
  }

  async #closeShard(): Promise<void> {
    const shard = this.#open
    this.#open = null
    await shard?.complete()
    await shard?.file.finish()
  }
}
