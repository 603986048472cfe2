import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer'

interface Trace {
  readonly language?: string | null
  readonly resolved?: number | null
  readonly content: string
}

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const

/** A Parquet file of traces of one message each, with a column that is no part of a trace. */
export function writeTraces(
  traces: readonly Trace[],
  options: Pick<ParquetWriteOptions, 'rowGroupSize' | 'codec'> = {},
): Buffer {
  const columnData = [
    { name: 'language', data: traces.map(({ language }) => language ?? null) },
    { name: 'messages', data: traces.map(({ content }) => [{ role: 'assistant', content }]) },
    { name: 'resolved', data: traces.map(({ resolved }) => resolved ?? null) },
    { name: 'note', data: traces.map((_, row) => `note ${row}`) },
  ]
  const schema: ParquetWriteOptions['schema'] = [
    { name: 'root', num_children: 4 },
    { name: 'language', ...TEXT },
    { name: 'messages', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
    { name: 'role', ...TEXT },
    { name: 'content', ...TEXT },
    { name: 'resolved', type: 'INT32', repetition_type: 'OPTIONAL' },
    { name: 'note', ...TEXT },
  ]
  return Buffer.from(parquetWriteBuffer({ codec: 'SNAPPY', ...options, columnData, schema } as never))
}
