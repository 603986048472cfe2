import type { Traffic } from '../../pipeline/graph/traffic.ts'
import type { PublishedHash } from './content-hash.ts'
import { HttpClient } from './http-client.ts'
import { type DatasetFile, listDataset } from './hub-dataset.ts'
import { HubFile } from './hub-file.ts'
import { hubSettings } from './hub-settings.ts'
import { hubFileUri, parseHubUri } from './hub-uri.ts'
import { KeptEnd } from './kept-end.ts'
import { ReadAhead } from './read-ahead.ts'
import { type ResolvedFile, resolveFile } from './resolved-file.ts'
import { copyIn, spooling, spoolOnce } from './spool.ts'

/** Where the bytes of a file are on the Hub, and what they hash to. Plain data. */
export interface HubPlace {
  readonly kind: 'hub'
  readonly file: ResolvedFile
  readonly hash: PublishedHash
  /** where what is copied of it is put, for the time of the run; null for nothing is copied */
  readonly copy: string | null
  /** it is read from a copy, whose bytes were found to be those that were published */
  readonly isCopied: boolean
}

/** Bytes of a file that is read from end to end, at a time. */
const PIECE = 1 << 20

/** The Hub as one thread speaks with it. It is loaded by those runs alone that read from it. */
export class Hub {
  readonly #http = new HttpClient(hubSettings())

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

  /** The bytes of a file, which are fetched ahead where it is known what will be read. */
  open({ file, hash, copy }: HubPlace, signal: AbortSignal): ReadAhead {
    const bytes = new HubFile({ http: this.#http, file, sha256: hash.sha256, signal })
    return new ReadAhead(copy === null ? bytes : new KeptEnd(bytes, `${copy}.end`))
  }

  /** The bytes of a file from an offset on to its end. */
  async *stream(place: HubPlace, start: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    const source = this.open({ ...place, copy: null }, signal)
    const { size } = source
    source.expect({ next: [{ start, end: size }], perhaps: [], from: 0, to: 1 })
    for (let at = start; at < size; at += PIECE) yield await source.read(at, Math.min(PIECE, size - at))
  }

  /** The bytes of a file from start to end. When all have passed, its copy stands. */
  spooling(place: HubPlace, signal: AbortSignal): AsyncGenerator<Buffer> {
    return spooling(this.stream(place, 0, signal), spooledOf(place))
  }

  /** Comes back when the copy of a file stands. */
  spool(place: HubPlace, signal: AbortSignal): Promise<void> {
    return spoolOnce(() => this.stream(place, 0, signal), spooledOf(place), signal)
  }

  /** What was asked of the network since the last call. */
  takeTraffic(): Traffic {
    return this.#http.takeTraffic()
  }

  close(): Promise<void> {
    return this.#http.close()
  }
}

function spooledOf({ file, hash, copy }: HubPlace) {
  const uri = hubFileUri(file.repository, file.commit, file.path)
  return { uri, size: file.size, hash, copy: copy! }
}
