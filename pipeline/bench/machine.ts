import os from 'node:os'
import { decompressionRates } from '../../sources/parquet/decompression-rates.ts'
import type { SourceFile } from '../graph/source.ts'
import type { Limits, Machine } from './report.ts'

export function describeMachine(): Machine {
  return {
    processor: os.cpus()[0]?.model ?? 'unknown',
    processors: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    platform: `${os.platform()} ${os.arch()}`,
    node: process.versions.node,
  }
}

/** Measures what this machine can do at best: the ceilings that stages are seen under. */
export async function measureLimits(files: readonly SourceFile[]): Promise<Limits> {
  const parquet = files.find(({ format, rows }) => format === 'parquet' && rows > 0)
  return {
    memoryBytesPerSecond: memoryRate(),
    decompression: parquet ? [...(await decompressionRates(parquet.file))] : [],
  }
}

/** More than the caches hold. */
const COPY_BYTES = 64 << 20
const COPIES = 10

/**
 * One thread copies from memory to memory; the best of several copies counts, and each byte twice, as it is read and
 * written: the Copy of STREAM (McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers",
 * IEEE TCCA Newsletter, 1995).
 */
function memoryRate(): number {
  const from = Buffer.alloc(COPY_BYTES, 1)
  const to = Buffer.alloc(COPY_BYTES, 2)
  let best = Number.POSITIVE_INFINITY
  for (let copy = 0; copy < COPIES; copy++) {
    const started = performance.now()
    from.copy(to)
    if (copy > 0) best = Math.min(best, performance.now() - started)
  }
  return (2 * COPY_BYTES * 1000) / best
}
