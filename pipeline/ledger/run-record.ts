import os from 'node:os'
import type { Curation } from '../curation.ts'
import { writeJsonFile } from './json-file.ts'

export const RUN_RECORD = 'run.json'

/** What differs between two runs of the same recipe: when, where, how long. */
export async function writeRunRecord(directory: string, curation: Curation, startedAt: Date): Promise<void> {
  const { run, seconds, tally, tokens } = curation
  const { network } = run
  await writeJsonFile(directory, RUN_RECORD, {
    started_at: startedAt.toISOString(),
    seconds,
    rows_per_second: tally.rows / seconds,
    tokens_per_second: tokens.measured / seconds,
    host: {
      platform: `${os.platform()} ${os.arch()}`,
      processors: os.availableParallelism(),
      memory_bytes: os.totalmem(),
    },
    peak_resident_bytes: process.resourceUsage().maxRSS * 1024,
    stage: {
      bundles: run.bundles,
      rows: run.rows,
      bytes: run.bytes,
      seconds: run.steps.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / 1e9,
      queue_wait_seconds: run.queuedMs / 1000,
    },
    ...(network.requests > 0 && {
      network: {
        requests: network.requests,
        bytes: network.bytes,
        of_bytes: network.ofBytes,
        avoided_bytes: network.avoided,
        files: network.files.map(({ file, requests, bytes, ofBytes }) => ({
          file,
          requests,
          bytes,
          of_bytes: ofBytes,
        })),
      },
    }),
    steps: run.steps.map(({ name, rows, nanoseconds, metrics }) => ({
      name,
      rows,
      seconds: nanoseconds / 1e9,
      metrics,
    })),
  })
}
