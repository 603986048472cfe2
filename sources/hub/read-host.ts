import type { MessagePort } from 'node:worker_threads'
import { type Answer, answer } from '../../pipeline/graph/transport.ts'
import type { ByteRange, ByteSource, Expected } from '../parquet/byte-source.ts'
import { FileWindows } from './file-windows.ts'
import type { HubPlace } from './hub-place.ts'
import { ReadAhead } from './read-ahead.ts'
import { uriOf } from './resolved-file.ts'

/** What a reader in another thread asks for. `reader` is a number that it gave a file it opened. */
export type ReadCall =
  | { readonly call: 'open'; readonly reader: number; readonly place: HubPlace; readonly isAlone: boolean }
  | { readonly call: 'expect'; readonly reader: number; readonly expected: Expected }
  | { readonly call: 'prefetch'; readonly reader: number; readonly ranges: readonly ByteRange[] }
  | ({ readonly call: 'read' | 'again'; readonly reader: number; readonly id: number } & Piece)
  | { readonly call: 'forget'; readonly reader: number }
  | { readonly call: 'close'; readonly reader: number }

interface Piece {
  readonly offset: number
  readonly length: number
}

export interface ReadAnswer {
  readonly id: number
  readonly bytes: Answer<Uint8Array<ArrayBuffer>>
}

interface Reader {
  readonly ahead: ReadAhead
  close(): void
}

interface SharedFile {
  readonly source: ByteSource
  readonly windows: FileWindows
  readers: number
}

/**
 * Reads files on the Hub for readers in other threads: this thread alone speaks with the network, and what several of
 * them read of a file is fetched once.
 */
export class ReadHost {
  readonly #open: (place: HubPlace) => ByteSource
  readonly #files = new Map<string, SharedFile>()

  /** `open` gives the bytes of a file without reading ahead. */
  constructor(open: (place: HubPlace) => ByteSource) {
    this.#open = open
  }

  /** Answers one thread's readers until it closes the port; `threads` is how many there are. */
  serve(port: MessagePort, threads: number): void {
    const readers = new Map<number, Reader>()
    const close = (reader: number): void => {
      readers.get(reader)?.close()
      readers.delete(reader)
    }
    port.on('message', (call: ReadCall) => {
      const { reader } = call
      if (call.call === 'open') readers.set(reader, this.#reader(call.place, call.isAlone ? 1 : threads))
      else if (call.call === 'close') close(reader)
      else follow(port, readers.get(reader)!.ahead, call)
    })
    port.on('close', () => {
      for (const reader of [...readers.keys()]) close(reader)
    })
    // Whoever waits for an answer keeps the process going.
    port.unref()
  }

  #reader(place: HubPlace, threads: number): Reader {
    if (threads === 1) {
      const ahead = new ReadAhead(this.#open(place))
      return { ahead, close: () => void ahead.close() }
    }
    const uri = uriOf(place.file)
    const file = this.#files.get(uri) ?? this.#sharedFile(place, threads)
    this.#files.set(uri, file)
    file.readers++
    const ahead = new ReadAhead(file.source, file.windows)
    const close = (): void => {
      ahead.leave()
      file.readers--
      if (file.readers > 0) return
      this.#files.delete(uri)
      void file.source.close()
    }
    return { ahead, close }
  }

  #sharedFile(place: HubPlace, threads: number): SharedFile {
    const source = this.#open(place)
    const fetch = async (offset: number, length: number) => source.read(offset, length)
    return { source, windows: new FileWindows(fetch, threads), readers: 0 }
  }
}

function follow(
  port: MessagePort,
  ahead: ReadAhead,
  call: Exclude<ReadCall, { readonly call: 'open' | 'close' }>,
): void {
  if (call.call === 'expect') ahead.expect(call.expected)
  else if (call.call === 'prefetch') ahead.prefetch(call.ranges)
  else if (call.call === 'forget') ahead.forget()
  else void answerRead(port, ahead, call)
}

async function answerRead(
  port: MessagePort,
  ahead: ReadAhead,
  { call, id, offset, length }: Extract<ReadCall, Piece>,
): Promise<void> {
  const bytes = await answer(async () => {
    const read = await ahead[call](offset, length)
    // The window stays here, for others.
    return new Uint8Array(read)
  })
  const reply: ReadAnswer = { id, bytes }
  port.postMessage(reply, 'value' in bytes ? [bytes.value.buffer] : [])
}
