import { Memory } from '../../pipeline/batch/memory.ts'
import { ChunkWindow } from './chunk-window.ts'
import { type Codec, decompress } from './decompress.ts'
import { type ColumnChunk, readMetadata } from './file-metadata.ts'
import { openLocalFile } from './local-file.ts'
import { readHeader } from './read-header.ts'

/** How fast pages of a file decompress when nothing else is done. */
export interface DecompressionRate {
  readonly codec: Codec
  /** of what comes out */
  readonly bytesPerSecond: number
}

/** Decompressed, taken from the beginnings of a file's largest columns. */
const SAMPLE_BYTES = 16 << 20
const ROUNDS = 5

interface Sampled {
  readonly codec: Codec
  readonly body: Buffer
  readonly size: number
}

/**
 * Decompresses pages of a file's first row group, again and again, with what reads them in a run. The best of five
 * rounds counts, by codec: it is a limit that is looked for. Throws SourceError when the file can't be read.
 */
export async function decompressionRates(file: string): Promise<readonly DecompressionRate[]> {
  const pages = await samplePages(file)
  const memory = new Memory()
  const block = memory.allocate(Math.max(1, ...pages.map(({ size }) => size)))
  const codecs = [...new Set(pages.map(({ codec }) => codec))]
  return codecs.map((codec) => {
    const own = pages.filter((page) => page.codec === codec)
    const bytes = own.reduce((sum, { size }) => sum + size, 0)
    let best = Number.POSITIVE_INFINITY
    for (let round = 0; round <= ROUNDS; round++) {
      const started = performance.now()
      for (const { body, size } of own) decompress(codec, body, memory, block.address, size)
      if (round > 0) best = Math.min(best, performance.now() - started)
    }
    return { codec, bytesPerSecond: (1000 * bytes) / best }
  })
}

async function samplePages(file: string): Promise<Sampled[]> {
  const source = openLocalFile(file)
  try {
    const { rowGroups } = await readMetadata(source, file)
    const chunks = (rowGroups[0]?.chunks ?? []).filter(({ codec }) => codec !== 'UNCOMPRESSED')
    const pages: Sampled[] = []
    let left = SAMPLE_BYTES
    for (const chunk of chunks.toSorted((a, b) => b.uncompressedBytes - a.uncompressedBytes)) {
      const window = new ChunkWindow(source, chunk.end)
      for await (const page of pagesOf(chunk, window)) {
        if (page.size > left) break
        left -= page.size
        pages.push(page)
      }
    }
    return pages
  } finally {
    await source.close()
  }
}

/** Pages of which the whole body is compressed: those of version 2 keep their levels apart. */
async function* pagesOf({ start, end, codec }: ColumnChunk, window: ChunkWindow): AsyncGenerator<Sampled> {
  for (let at = start; at < end; ) {
    const { header, bodyAt, next } = await readHeader(window, at, end)
    at = next
    const isWhole = header.kind === 'v1' || header.kind === 'dictionary'
    if (!isWhole || header.uncompressedBytes === 0) continue
    const body = Buffer.from(await window.bytes(bodyAt, header.compressedBytes))
    yield { codec, body, size: header.uncompressedBytes }
  }
}
