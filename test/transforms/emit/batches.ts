import { RowBatch, ValueBatch } from '../../../pipeline/batch/batch.ts'
import type { ListColumn, NumberColumn, TextColumn } from '../../../pipeline/batch/columns.ts'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { boolean, type Field, list, number, string, struct } from '../../../pipeline/batch/schema.ts'
import { ByteWriter } from '../../../pipeline/graph/byte-writer.ts'
import type { Profile } from '../../../transforms/emit/profile.ts'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import type { TraceRow } from '../../../transforms/trajectory.ts'

const SCHEMA = struct({
  instance_id: string(),
  repo: string(),
  license: string(),
  language: string(),
  trajectory_id: string(),
  messages: list(
    struct({
      role: string(),
      content: string(),
      reasoning_content: string(),
      tool_calls: list(
        struct({ id: string(), type: string(), function: struct({ name: string(), arguments: string() }) }),
      ),
    }),
  ),
  tools: list(string()),
  resolved: number(),
  metadata: struct({
    category: string(),
    teacher_model: struct({ name: string(), enable_thinking: boolean(), reasoning_effort: string() }),
    reference_patch: struct({ patch: string() }),
    model_patch: struct({ patch: string() }),
  }),
  hf_dataset_name: string(),
  model_patch: string(),
})

const ORIGIN = { file: 'rows.parquet', revision: null, firstRow: 0 }

/** The rows as plain values, parsed. */
export function valueBatch(rows: readonly TraceRow[]): ValueBatch<TraceRow> {
  const positions = rows.map((_, row) => row)
  return parsed(new ValueBatch(rows, ORIGIN, positions))
}

const memory = new Memory()

/** The rows as a source makes them, in columns of bytes, parsed; `added` are names that steps will add. */
export function rowBatch(
  rows: readonly TraceRow[],
  { added = [] }: { added?: readonly string[] } = {},
): RowBatch<TraceRow> {
  const columns = {
    texts: new Map<string, TextColumn>(),
    numbers: new Map<string, NumberColumn>(),
    lists: new Map<string, ListColumn>(),
  }
  const fill = (field: Field, path: string, slots: readonly unknown[]): void => {
    const length = slots.length
    switch (field.kind) {
      case 'struct':
        for (const [name, child] of Object.entries(field.fields))
          fill(
            child,
            path ? `${path}.${name}` : name,
            slots.map((slot) => (slot as Record<string, unknown> | null)?.[name] ?? null),
          )
        return
      case 'list': {
        const offsets = Int32Array.from({ length: length + 1 })
        slots.forEach((slot, at) => {
          offsets[at + 1] = offsets[at]! + ((slot as unknown[] | null)?.length ?? 0)
        })
        const nulls = Uint8Array.from(slots, (slot) => (slot === null ? 1 : 0))
        columns.lists.set(path, { offsets, nulls, length })
        fill(
          field.element,
          path,
          slots.flatMap((slot) => slot ?? []),
        )
        return
      }
      case 'string': {
        const refs = Uint32Array.from({ length: 2 * length })
        slots.forEach((slot, at) => {
          if (slot === null) return
          const { address } = memory.allocate(Buffer.byteLength(slot as string))
          refs[2 * at] = address
          refs[2 * at + 1] = memory.bytes.write(slot as string, address)
        })
        columns.texts.set(path, { refs, length })
        return
      }
      default: {
        const values = Float64Array.from(slots, Number)
        const nulls = Uint8Array.from(slots, (slot) => (slot === null ? 1 : 0))
        columns.numbers.set(path, { values, nulls, length, boolean: field.kind === 'boolean' })
      }
    }
  }
  fill(SCHEMA, '', rows)
  const layout = { schema: SCHEMA, added: ['trajectory', ...added] }
  return parsed(
    new RowBatch<TraceRow>(memory, layout, { length: rows.length, origin: ORIGIN, columns, release() {} }),
  )
}

function parsed<B extends RowBatch<TraceRow> | ValueBatch<TraceRow>>(batch: B): B {
  for (let row = 0; row < batch.length; row++)
    batch.add(row, 'trajectory', parseTrajectory(batch.row(row), { path: batch.origin.file }))
  return batch
}

/** What a profile writes for a batch. */
export function encode(profile: Profile, batch: RowBatch | ValueBatch): string {
  const writer = new ByteWriter()
  for (let row = 0; row < batch.length; row++) profile.writeLine(batch, row, writer)
  return Buffer.from(writer.take()).toString()
}
