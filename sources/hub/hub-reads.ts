import type { ByteSource } from '../parquet/byte-source.ts'
import type { HubPlace } from './hub-place.ts'
import { uriOf } from './resolved-file.ts'
import { type Spooled, spooling, spoolOnce } from './spool.ts'

/** Bytes of a file that is read from end to end, at a time. */
const PIECE = 1 << 20

/**
 * Opens the bytes of a file, which are fetched ahead where it is known what will be read. `isAlone` says that no other
 * thread will read the same.
 */
type OpenRemote = (place: HubPlace, signal: AbortSignal, isAlone: boolean) => ByteSource

/** Reads files on the Hub, whichever thread speaks with it. */
export class HubReads {
  readonly #open: OpenRemote

  constructor(open: OpenRemote) {
    this.#open = open
  }

  /** The bytes of a file, of which other threads may read as well. */
  open(place: HubPlace, signal: AbortSignal): ByteSource {
    return this.#open(place, signal, false)
  }

  /** The bytes of a file from an offset on to its end. */
  async *stream(place: HubPlace, start: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    const source = this.#open({ ...place, copy: null }, signal, true)
    const { size } = source
    try {
      source.expect?.({ next: [{ start, end: size, until: size }], perhaps: [] })
      for (let at = start; at < size; at += PIECE) yield await source.read(at, Math.min(PIECE, size - at))
    } finally {
      await source.close()
    }
  }

  /** The bytes of a file from start to end. When all have passed, its copy stands. */
  spooling(place: HubPlace, signal: AbortSignal): AsyncGenerator<Buffer> {
    return spooling(this.stream(place, 0, signal), spooledOf(place))
  }

  /** Comes back when the copy of a file stands. */
  spool(place: HubPlace, signal: AbortSignal): Promise<void> {
    return spoolOnce(() => this.stream(place, 0, signal), spooledOf(place), signal)
  }
}

function spooledOf({ file, hash, copy }: HubPlace): Spooled {
  return { uri: uriOf(file), size: file.size, hash, copy: copy! }
}
