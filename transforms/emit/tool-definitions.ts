import type { TraceRow } from '../trajectory.ts'
import { portableObject } from './portable-object.ts'

/**
 * The row's tool definitions as a JSON array on one line, each the recorded object; one that is not an object is
 * its recorded text as a string. Null when the row has none.
 */
export function toolDefinitions(row: TraceRow): string | null {
  const definitions = (row.tools ?? []).filter((tool) => tool !== null && tool !== '')
  if (definitions.length === 0) return null
  return `[${definitions.map((tool) => portableObject(tool!) ?? JSON.stringify(tool)).join(',')}]`
}
