import { RowBatch } from '../../pipeline/batch/batch.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import { LineReader } from '../jsonl/line-reader.ts'
import type { LinesFile } from '../jsonl/open-bytes.ts'
import { planLines } from '../jsonl/plan-lines.ts'
import { MESSAGE_NAMES } from '../require-messages.ts'
import type { FileContent } from './file-content.ts'
import { linesShape } from './lines-shape.ts'
import { RowCounter, TALLIED } from './row-tally.ts'

interface Options {
  readonly lines: LinesFile
  readonly memory: Memory
  readonly signal: AbortSignal
}

/** What a file of JSON lines on the disk holds: all of it is read. Throws NoTracesError and SourceError. */
export async function inspectLines(options: Options): Promise<FileContent> {
  const { lines, memory, signal } = options
  const spans = await planLines(lines, MESSAGE_NAMES, Number.POSITIVE_INFINITY, signal)
  const counter = new RowCounter()
  const reader = new LineReader({ lines, revision: null, memory, schema: TALLIED })
  const layout = { schema: TALLIED, added: [] }
  try {
    for (const { firstRow, rows, start } of spans)
      for await (const content of reader.read(firstRow, rows, start, signal)) {
        const batch = new RowBatch(memory, layout, content)
        counter.add(batch)
        batch.release()
      }
  } finally {
    await reader.close()
  }
  return {
    facts: {
      format: 'jsonl',
      rows: spans.reduce((sum, { rows }) => sum + rows, 0),
      uncompressedBytes: spans.reduce((sum, { bytes }) => sum + bytes, 0),
      codecs: lines.compression === 'none' ? [] : [lines.compression],
      rowGroups: null,
      pageIndex: null,
      checksums: null,
      firstFailure: counter.firstFailure,
      notCounted: null,
    },
    columns: await linesShape(options),
    tally: counter.tally(),
  }
}
