import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { SinkBundle } from '../../../pipeline/graph/sink.ts'
import { defineSink } from '../../../pipeline/graph/write.ts'

export const FAULTS = {
  'does everything right': [],
  'writes under the final name': ['before commit no file is visible'],
  'forgets to abort': [
    'abort before the first row leaves no file',
    'abort after the last row leaves no file',
    'a commit that can not name its last file rejects, and with abort leaves no file',
  ],
  'claims a row too many': [
    'receipts name the files that are there, with their true rows, bytes and hashes',
    'no rows at all are a commit like any other',
  ],
  'keeps the last bundle after write': ['what it keeps of a bundle after write is its own copy'],
  'loses a bundle of one row': ['bundles of any size give the same rows in the same order'],
  'writes the time': ['the same bundles give the same bytes'],
  'hides errors': [
    'an output directory that can not be written is an error',
    'a commit that can not name its last file rejects, and with abort leaves no file',
  ],
  'encodes with its neighbours': [
    'a row is encoded alike with and without neighbours, from the members that are declared',
  ],
  'reads what it does not declare': [
    'a row is encoded alike with and without neighbours, from the members that are declared',
  ],
} as const

export type Fault = keyof typeof FAULTS

/** A sink of one member a line, with one fault of its choice. */
export const writeFaulty = defineSink({
  module: import.meta.url,
  name: 'writeFaulty',
  options: z.object({ fault: z.custom<Fault>() }),
  columns: () => ['name'],
  reads: ({ fault }) => (fault === 'reads what it does not declare' ? [] : ['name']),
  encoder({ fault }) {
    let encoded = 0
    return {
      encode(batch, row, writer) {
        writer.json((batch.row(row) as { name: string }).name)
        if (fault === 'encodes with its neighbours' && encoded++ > 0 && row > 0) writer.literal(' ')
        writer.literal('\n')
      },
    }
  },
  async open({ fault }, { directory }) {
    const target = path.join(directory, 'names.txt')
    const temporary = fault === 'writes under the final name' ? target : path.join(directory, '.names.txt')
    const quietly = async (work: Promise<unknown>) => {
      await (fault === 'hides errors' ? work.catch(() => {}) : work)
    }
    await quietly(mkdir(directory, { recursive: true }))
    await quietly(writeFile(temporary, ''))
    const pieces: Uint8Array[] = []
    let rows = 0
    return {
      async write(bundle: SinkBundle) {
        if (fault === 'loses a bundle of one row' && bundle.rows === 1) return
        rows += bundle.rows
        const keeps = fault === 'keeps the last bundle after write'
        pieces.push(keeps ? bundle.segment! : Buffer.from(bundle.segment!))
        if (!keeps) await quietly(writeFile(temporary, Buffer.concat(pieces)))
      },
      async commit() {
        if (fault === 'writes the time') pieces.push(Buffer.from(`"${process.hrtime.bigint()}"\n`))
        await quietly(writeFile(temporary, Buffer.concat(pieces)))
        await quietly(rename(temporary, target))
        const bytes =
          existsSync(target) && fault !== 'hides errors' ? await readFile(target) : Buffer.concat(pieces)
        const claimed = rows + (fault === 'claims a row too many' || fault === 'writes the time' ? 1 : 0)
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        return [{ path: 'names.txt', rows: claimed, bytes: bytes.length, sha256 }]
      },
      async abort() {
        if (fault !== 'forgets to abort') await rm(temporary, { force: true }).catch(() => {})
      },
    }
  },
})
