import { project } from '../pipeline/batch/schema.ts'
import { traceSchema } from '../transforms/trace-schema.ts'
import { NoTracesError } from './no-traces-error.ts'
import type { FileMetadata } from './parquet/file-metadata.ts'
import { resolveSchema } from './parquet/schema-resolution.ts'

/** What the messages are called, in any revision. */
export const MESSAGE_NAMES = ['messages', ...(traceSchema.fields.messages?.aliases ?? [])]

/** Throws NoTracesError, naming what was found, when a Parquet file has no column with messages. */
export function requireMessages({ file, schema }: FileMetadata): void {
  const { leaves, mismatches } = resolveSchema(schema, project(traceSchema, ['messages']))
  if (leaves.length > 0) return
  const looked = MESSAGE_NAMES.map((name) => `'${name}'`).join(' or ')
  const found = listed(schema.children.map(({ name }) => name)) || 'no columns'
  const why = mismatches[0]
    ? `its column ${mismatches[0].path}: ${mismatches[0].message}`
    : `a column ${looked} with the messages is needed, found ${found}`
  throw new NoTracesError(file, why)
}

/** The first of many names are enough to see what a file is. */
const LISTED_NAMES = 8

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_NAMES
  return names.slice(0, LISTED_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
