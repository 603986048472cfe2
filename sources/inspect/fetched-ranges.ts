import { groupSmall } from '../hub/file-windows.ts'
import { inOrder } from '../in-order.ts'
import type { ByteRange, ByteSource } from '../parquet/byte-source.ts'

/** Requests for one file at once. */
const AT_ONCE = 8

/** A source far away, with what was fetched of it: all of a file's small columns in a round trip or two. */
export class FetchedRanges implements ByteSource {
  readonly #source: ByteSource
  readonly #fetched: readonly { readonly start: number; readonly bytes: Buffer }[]

  private constructor(
    source: ByteSource,
    fetched: readonly { readonly start: number; readonly bytes: Buffer }[],
  ) {
    this.#source = source
    this.#fetched = fetched
  }

  static async fetch(source: ByteSource, ranges: readonly ByteRange[]): Promise<FetchedRanges> {
    const fetched: { start: number; bytes: Buffer }[] = []
    const fetching = inOrder(groupSmall(ranges), AT_ONCE, async ({ start, end }) => ({
      start,
      bytes: await source.read(start, end - start),
    }))
    for await (const range of fetching) fetched.push(range)
    return new FetchedRanges(source, fetched)
  }

  get size(): number {
    return this.#source.size
  }

  read(offset: number, length: number): Promise<Buffer> | Buffer {
    const range = this.#fetched.find(
      ({ start, bytes }) => start <= offset && offset + length <= start + bytes.length,
    )
    if (!range) return this.#source.read(offset, length)
    return range.bytes.subarray(offset - range.start, offset - range.start + length)
  }

  close(): Promise<void> | void {
    return this.#source.close()
  }
}
