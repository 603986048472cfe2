import type { TraceRow } from '../trajectory.ts'
import { portableObject } from './portable-object.ts'

/**
 * The row's tool definitions as JSON texts on one line each, each the recorded object; one that is not an object is
 * its recorded text as a string. Empty when the row has none.
 */
export function toolDefinitions(row: TraceRow): string[] {
  const definitions = (row.tools ?? []).filter((tool) => tool !== null && tool !== '')
  return definitions.map((tool) => portableObject(tool!) ?? JSON.stringify(tool))
}
