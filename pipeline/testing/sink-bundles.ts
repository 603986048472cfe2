import assert from 'node:assert/strict'
import type { z } from 'zod'
import { ValueBatch } from '../batch/batch.ts'
import type { Cell } from '../batch/columns.ts'
import { Memory } from '../batch/memory.ts'
import { ByteWriter } from '../graph/byte-writer.ts'
import { MetricSet } from '../graph/metrics.ts'
import type { SinkBundle, SinkDefinition } from '../graph/sink.ts'
import { cellOf } from '../worker/record-columns.ts'

/** A part for a sink, and how to make it worthless once `write` has settled. */
export interface LentBundle {
  readonly bundle: SinkBundle
  spoil(): void
}

/** The rows as a run's parts for the sink, cut into bundles of the given sizes; their indexes have gaps. */
export async function lendBundles<Schema extends z.ZodType>(
  definition: SinkDefinition<never, Schema>,
  options: z.output<Schema>,
  rows: readonly unknown[],
  sizes: readonly number[],
): Promise<LentBundle[]> {
  const segments = await encodeRows(definition, options, rows, sizes)
  const wanted = definition.columns?.(options) ?? []
  const names = wanted === 'all' ? Object.keys(rows[0] as object) : wanted
  return cut(rows, sizes).map((batch, position) => {
    const columns = new Map(names.map((name) => [name, cellsOf(batch, name)] as const))
    const encoded = segments[position]!
    const segment = encoded && (definition.seal?.(encoded, options) ?? encoded)
    const bundle: SinkBundle = {
      index: 3 * position,
      rows: batch.length,
      column: (name) => columns.get(name) ?? [],
      objects: () => Array.from({ length: batch.length }, (_, row) => objectOf(columns, row)),
      segment,
    }
    const spoil = () => {
      segment?.fill(0)
      for (const cells of columns.values()) cells.fill(null)
    }
    return { bundle, spoil }
  })
}

/** The encoder's bytes, a piece for each bundle, not sealed; null without an encoder. */
export async function encodeRows<Schema extends z.ZodType>(
  definition: SinkDefinition<never, Schema>,
  options: z.output<Schema>,
  rows: readonly unknown[],
  sizes: readonly number[],
): Promise<(Uint8Array | null)[]> {
  const step = definition.name
  const context = {
    step,
    measure: 'all',
    metrics: new MetricSet(),
    memory: new Memory(),
    shared: undefined,
    wants: () => true,
  } as const
  const encoder = await definition.encoder?.(options, context)
  if (!encoder) return sizes.map(() => null)
  const declared = new Set(definition.reads?.(options).map((member) => member.split('.')[0]!))
  const guarded = rows.map((row) => onlyMembers(row, declared))
  const writer = new ByteWriter()
  return cut(guarded, sizes).map((batch) => {
    for (let row = 0; row < batch.length; row++) encoder.encode(batch, row, writer)
    return writer.take()
  })
}

function cut(rows: readonly unknown[], sizes: readonly number[]): ValueBatch[] {
  let start = 0
  return sizes.map((size) => {
    const firstRow = start
    start += size
    const chosen = rows.slice(firstRow, start)
    const sourceRows = chosen.map((_, row) => firstRow + row)
    const batch = new ValueBatch(chosen, { file: 'rows.parquet', revision: null, firstRow }, sourceRows)
    sourceRows.forEach((sourceRow, row) => {
      markSome(batch, row, sourceRow)
    })
    return batch
  })
}

/** Of every three rows one is kept, one dropped and one failed. */
function markSome(batch: ValueBatch, row: number, sourceRow: number): void {
  if (sourceRow % 3 === 1) {
    const measured = { value: sourceRow + 0.5, threshold: 'the shortest' }
    batch.outcomes.mark(row, { verdict: 'dropped', step: 'keepShort', reason: 'too_long', ...measured })
  }
  if (sourceRow % 3 === 2) {
    const failure = { field: 'messages[3].role', message: 'expected a "role",\nfound none' }
    batch.outcomes.mark(row, { verdict: 'failed', step: 'parse', ...failure })
  }
}

function cellsOf(batch: ValueBatch, name: string): Cell[] {
  return Array.from({ length: batch.length }, (_, row) => cellOf(batch, row, name))
}

function objectOf(columns: ReadonlyMap<string, readonly Cell[]>, row: number): Record<string, Cell> {
  return Object.fromEntries([...columns].map(([name, cells]) => [name, cells[row]!]))
}

/** A run has nothing of a row that no step declared to read. */
function onlyMembers(row: unknown, declared: ReadonlySet<string>): unknown {
  if (typeof row !== 'object' || row === null || declared.has('*')) return row
  return new Proxy(row, {
    get(target, member, receiver) {
      if (typeof member === 'string' && member in target && !declared.has(member))
        assert.fail(`the encoder reads '${member}', which 'reads' does not declare`)
      return Reflect.get(target, member, receiver)
    },
  })
}
