import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer'
import { list, string, struct } from '../../../pipeline/batch/schema.ts'

/** The rows of `writeTags`. */
export const tagsSchema = struct({ id: string(), tags: list(string()) })

/** A file of rows that have a list of texts each and their number as an id. */
export function writeTags(
  tags: readonly (readonly (string | null)[])[],
  options: Omit<ParquetWriteOptions, 'columnData' | 'schema' | 'writer'> = {},
): Buffer {
  const columnData = [
    { name: 'id', data: tags.map((_, row) => String(row)) },
    { name: 'tags', data: tags },
  ]
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const
  const schema: ParquetWriteOptions['schema'] = [
    { name: 'root', num_children: 2 },
    { name: 'id', ...text },
    { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...text },
  ]
  return Buffer.from(parquetWriteBuffer({ ...options, columnData, schema } as never))
}
