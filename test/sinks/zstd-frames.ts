import { zstdDecompressSync } from 'node:zlib'

/** Decompresses all frames of a file: Node's own functions stop after the first one and say nothing. */
export function zstdFrames(file: Buffer): Buffer {
  const texts: Buffer[] = []
  for (let rest = file; rest.length > 0; ) {
    const { buffer, engine } = zstdDecompressSync(rest, { info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    texts.push(buffer)
    rest = rest.subarray(engine.bytesWritten)
  }
  return Buffer.concat(texts)
}
