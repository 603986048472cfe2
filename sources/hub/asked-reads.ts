import type { MessagePort } from 'node:worker_threads'
import { unwrap } from '../../pipeline/graph/transport.ts'
import type { ByteRange, ByteSource, Expected } from '../parquet/byte-source.ts'
import type { HubPlace } from './hub-place.ts'
import type { ReadAnswer, ReadCall } from './read-host.ts'

/** Reads files on the Hub by asking the thread that speaks with it. */
export class AskedReads {
  readonly #port: MessagePort
  readonly #waiting = new Map<number, (answer: ReadAnswer) => void>()
  #readers = 0
  #asked = 0

  /** `port` leads to a ReadHost. */
  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (answer: ReadAnswer) => {
      this.#waiting.get(answer.id)!(answer)
      this.#waiting.delete(answer.id)
      if (this.#waiting.size === 0) port.unref()
    })
    port.unref()
  }

  /** `isAlone` says that no other thread will read the same. */
  open(place: HubPlace, isAlone: boolean): ByteSource {
    const reader = this.#readers++
    const tell = (call: ReadCall): void => this.#port.postMessage(call)
    const ask = (call: 'read' | 'again') => (offset: number, length: number) =>
      this.#ask({ call, reader, id: this.#asked++, offset, length })
    tell({ call: 'open', reader, place, isAlone })
    let told: Expected | null = null
    return {
      size: place.file.size,
      read: ask('read'),
      again: ask('again'),
      expect: (expected) => {
        if (told === expected) return
        told = expected
        tell({ call: 'expect', reader, expected: plain(expected) })
      },
      prefetch: (ranges) => tell({ call: 'prefetch', reader, ranges: ranges.map(bounds) }),
      forget: () => {
        told = null
        tell({ call: 'forget', reader })
      },
      close: () => tell({ call: 'close', reader }),
    }
  }

  close(): void {
    this.#port.close()
  }

  async #ask(call: Extract<ReadCall, { id: number }>): Promise<Buffer> {
    const { promise, resolve } = Promise.withResolvers<ReadAnswer>()
    this.#waiting.set(call.id, resolve)
    this.#port.ref()
    this.#port.postMessage(call)
    const bytes = unwrap((await promise).bytes)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
}

/** Ranges may be column chunks, which hold more than need cross. */
function plain({ next, perhaps }: Expected): Expected {
  return { next, perhaps: perhaps.map(bounds) }
}

function bounds({ start, end }: ByteRange): ByteRange {
  return { start, end }
}
