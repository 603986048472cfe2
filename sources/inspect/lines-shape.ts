import type { Memory } from '../../pipeline/batch/memory.ts'
import { traceSchema } from '../../transforms/trace-schema.ts'
import { LineReader } from '../jsonl/line-reader.ts'
import { readLines } from '../jsonl/lines.ts'
import { type LinesFile, openBytes } from '../jsonl/open-bytes.ts'
import type { ShapeColumns } from './inspection.ts'
import { missingFields } from './missing-fields.ts'
import { ValueShape } from './value-shape.ts'

/** Rows that show what the others look like … */
const SAMPLED_ROWS = 64
/** … and bytes of text, after the first row. */
const SAMPLED_BYTES = 8 << 20

interface Options {
  readonly lines: LinesFile
  readonly memory: Memory
  readonly signal: AbortSignal
}

/** Where the first rows of a file of JSON lines have the fields of a trace. Every row may be another. */
export async function linesShape({ lines, memory, signal }: Options): Promise<ShapeColumns> {
  const shape = new ValueShape()
  let rows = 0
  for await (const { bytes, at } of readLines(openBytes(lines, 0), { number: 1, at: 0 }, true)) {
    signal.throwIfAborted()
    rows++
    const value = bytes && parsed(bytes)
    if (value) shape.add(value)
    if (rows === SAMPLED_ROWS || at > SAMPLED_BYTES) break
  }
  const mismatches = new Map<string, string>()
  const reader = new LineReader({ lines, revision: null, memory, schema: traceSchema })
  try {
    for await (const { failures = [], release } of reader.read(0, rows, { number: 1, at: 0 }, signal)) {
      release()
      // A line that is no row at all has no field.
      for (const { field, message } of failures)
        if (field !== '' && !mismatches.has(anyElement(field)))
          mismatches.set(anyElement(field), message.replace(/^line \d+: /, ''))
    }
  } finally {
    await reader.close()
  }
  const { fields, unused } = shape.columns()
  return {
    format: 'jsonl',
    fields,
    missing: missingFields(fields),
    mismatches: [...mismatches].map(([field, message]) => ({ field, message })),
    unused,
  }
}

/** `messages[3].role` and `messages[5].role` are one field. */
function anyElement(field: string): string {
  return field.replace(/\[\d+\]/g, '[]')
}

/** Null for what is no row. */
function parsed(bytes: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
