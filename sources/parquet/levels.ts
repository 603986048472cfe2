import { bitWidth, decodeHybrid } from './hybrid.ts'
import { PageError } from './page-error.ts'
import type { PrimitiveNode } from './schema-tree.ts'

/**
 * Where each entry of a page stands in its row. An entry is a value, a null, or a list without elements.
 * Repetition 0 starts a row, n goes on in the nth list; definition says how much of the path is there.
 * Null where all are 0 or all are the maximum.
 */
export interface Levels {
  readonly repetition: Uint8Array | null
  readonly definition: Uint8Array | null
}

/** `count` levels from 0 to `max`, which take all bytes to `end`; null when there is only one level. */
export function decodeLevels(
  bytes: Uint8Array,
  at: number,
  end: number,
  max: number,
  count: number,
): Uint8Array | null {
  if (max === 0) {
    if (at !== end) throw new PageError(`${end - at} bytes of levels where there is only one level`)
    return null
  }
  const levels = new Uint8Array(count)
  decodeHybrid(bytes, at, end, bitWidth(max), levels, count)
  for (let i = 0; i < count; i++)
    if (levels[i]! > max) throw new PageError(`level ${levels[i]} where ${max} is the highest`)
  return levels
}

export function countRows(repetition: Uint8Array | null, count: number): number {
  if (repetition === null) return count
  let rows = 0
  for (let i = 0; i < count; i++) if (repetition[i] === 0) rows++
  return rows
}

/** Entries that are values. */
export function countValues(definition: Uint8Array | null, count: number, column: PrimitiveNode): number {
  if (definition === null) return count
  let values = 0
  for (let i = 0; i < count; i++) if (definition[i] === column.maxDefinition) values++
  return values
}

/** Only a list that has an element can go on. Throws PageError when the levels say otherwise. */
export function checkNesting({ repetition, definition }: Levels, count: number, column: PrimitiveNode): void {
  if (repetition === null || definition === null) return
  const { elementLevels } = column
  for (let i = 0; i < count; i++) {
    const depth = repetition[i]!
    if (depth === 0) continue
    const needed = elementLevels[depth - 1]!
    if (definition[i]! < needed || (i > 0 && definition[i - 1]! < needed))
      throw new PageError('a list goes on that has no element')
  }
}
