import type { MessagePort } from 'node:worker_threads'
import type { Traffic } from '../../pipeline/graph/traffic.ts'
import type { ByteSource } from '../parquet/byte-source.ts'
import { HttpClient } from './http-client.ts'
import { type DatasetFile, listDataset } from './hub-dataset.ts'
import { HubFile } from './hub-file.ts'
import type { HubPlace } from './hub-place.ts'
import { HubReads } from './hub-reads.ts'
import { hubSettings } from './hub-settings.ts'
import { parseHubUri } from './hub-uri.ts'
import { KeptEnd } from './kept-end.ts'
import { ReadAhead } from './read-ahead.ts'
import { ReadHost } from './read-host.ts'
import { resolveFile } from './resolved-file.ts'
import { copyIn } from './spool.ts'

/** The Hub as the one thread of a run knows it that speaks with it. It is loaded by those runs alone that read from it. */
export class Hub {
  readonly #http = new HttpClient(hubSettings())
  readonly reads = new HubReads((place, signal) => new ReadAhead(this.#bytes(place, signal)))
  #host: ReadHost | null = null

  /** The files that a URI stands for. Throws UsageError and SourceError. */
  list(uri: string, signal: AbortSignal): Promise<DatasetFile[]> {
    return listDataset(this.#http, parseHubUri(uri), signal)
  }

  /** Where a file is. What is copied of it is put in the folder `spool`. */
  async locate(dataset: DatasetFile, spool: string | null, signal: AbortSignal): Promise<HubPlace> {
    const { sha256, gitSha1 } = dataset
    const file = await resolveFile(this.#http, dataset, dataset, signal)
    const copy = spool && copyIn(spool, dataset.uri)
    return { kind: 'hub', file, hash: { sha256, gitSha1 }, copy, isCopied: false }
  }

  /** Reads for one of `threads` threads, which asks by a port. */
  serve(port: MessagePort, threads: number, signal: AbortSignal): void {
    this.#host ??= new ReadHost((place) => this.#bytes(place, signal))
    this.#host.serve(port, threads)
  }

  /** What was asked of the network since the last call, by file, and by the empty name what was of none. */
  takeTraffic(): ReadonlyMap<string, Traffic> {
    return this.#http.takeTraffic()
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  #bytes({ file, hash, copy }: HubPlace, signal: AbortSignal): ByteSource {
    const bytes = new HubFile({ http: this.#http, file, sha256: hash.sha256, signal })
    return copy === null ? bytes : new KeptEnd(bytes, `${copy}.end`)
  }
}
