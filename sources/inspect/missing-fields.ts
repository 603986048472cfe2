import type { Field, Struct } from '../../pipeline/batch/schema.ts'
import { traceSchema } from '../../transforms/trace-schema.ts'

/** What of the schema of traces is not among fields that were found: leaves, and subtrees of which nothing is. */
export function missingFields(found: readonly { readonly field: string }[]): string[] {
  const paths = found.map(({ field }) => field)
  const missing: string[] = []
  const visitMembers = ({ fields }: Struct, path: string): void => {
    for (const [name, member] of Object.entries(fields)) visit(member, path === '' ? name : `${path}.${name}`)
  }
  const visit = (field: Field, path: string): void => {
    if (paths.includes(path)) return
    if (!paths.some((found) => found.startsWith(`${path}.`))) missing.push(path)
    else if (field.kind === 'struct') visitMembers(field, path)
    else if (field.kind === 'list') {
      // Lists add no part to a path.
      if (field.element.kind === 'struct') visitMembers(field.element, path)
    }
  }
  visitMembers(traceSchema, '')
  return missing
}
