import type { Traffic } from '../../pipeline/graph/traffic.ts'
import type { ByteSource } from '../parquet/byte-source.ts'
import { HttpClient } from './http-client.ts'
import { type DatasetFile, listDataset } from './hub-dataset.ts'
import { HubFile } from './hub-file.ts'
import { hubSettings } from './hub-settings.ts'
import { parseHubUri } from './hub-uri.ts'
import { ReadAhead } from './read-ahead.ts'
import { type ResolvedFile, resolveFile } from './resolved-file.ts'

/** Where the bytes of a file are on the Hub, and what they hash to. Plain data. */
export interface HubPlace {
  readonly kind: 'hub'
  readonly file: ResolvedFile
  /** null where the Hub does not say */
  readonly sha256: string | null
}

/** The Hub as one thread speaks with it. It is loaded by those runs alone that read from it. */
export class Hub {
  readonly #http = new HttpClient(hubSettings())

  /** The files that a URI stands for. Throws UsageError and SourceError. */
  list(uri: string, signal: AbortSignal): Promise<DatasetFile[]> {
    return listDataset(this.#http, parseHubUri(uri), signal)
  }

  async locate(file: DatasetFile, signal: AbortSignal): Promise<HubPlace> {
    return { kind: 'hub', file: await resolveFile(this.#http, file, file, signal), sha256: file.sha256 }
  }

  /** The bytes of a file, which are fetched ahead where it is known what will be read. */
  open({ file, sha256 }: HubPlace, signal: AbortSignal): ByteSource {
    return new ReadAhead(new HubFile({ http: this.#http, file, sha256, signal }))
  }

  /** What was asked of the network since the last call. */
  takeTraffic(): Traffic {
    return this.#http.takeTraffic()
  }

  close(): Promise<void> {
    return this.#http.close()
  }
}
