import type { Columns, RowFailure } from '../../pipeline/batch/batch.ts'
import type { ListColumn, NumberColumn, TextColumn } from '../../pipeline/batch/columns.ts'
import { leafPaths, type Struct } from '../../pipeline/batch/schema.ts'
import type { LeafColumns } from './leaf-columns.ts'

/**
 * Puts the leaves' columns together to the columns of `length` rows. What no leaf has reads as null. Leaves of
 * one list must agree on its elements: from the first row where they don't, rows are failures and read as if
 * their lists were null.
 */
export function joinColumns(
  schema: Struct,
  length: number,
  leaves: readonly LeafColumns[],
): { readonly columns: Columns; readonly failures: readonly RowFailure[] } {
  const texts = new Map<string, TextColumn>()
  const numbers = new Map<string, NumberColumn>()
  const lists = new Map<string, ListColumn>()
  let agreed = length
  let failure: { readonly field: string; readonly message: string } | undefined

  for (const columns of leaves) {
    const { leaf } = columns
    if (leaf.kind === 'string') texts.set(leaf.path, columns.text())
    else if (leaf.kind !== null) numbers.set(leaf.path, columns.number())
    const own = columns.lists()
    own.forEach((list, depth) => {
      const { path } = leaf.lists[depth]!
      const first = lists.get(path)
      if (!first) {
        lists.set(path, list)
        return
      }
      const parent = firstDifference(first, list)
      if (parent === null) return
      const row = rowOf(parent, own.slice(0, depth))
      if (row >= agreed) return
      agreed = row
      failure = { field: leaf.path, message: `it has other elements of ${path} than the leaves beside it` }
    })
  }

  const failures: RowFailure[] = []
  if (failure) {
    for (let row = agreed; row < length; row++) failures.push({ row, ...failure })
    for (const path of new Set(leaves.flatMap(({ leaf }) => leaf.lists.slice(0, 1).map((list) => list.path))))
      lists.set(path, cutOff(lists.get(path)!, agreed))
  }
  fillMissing(schema, length, texts, numbers, lists)
  return { columns: { texts, numbers, lists }, failures }
}

/** The first parent for which two columns of one list differ. */
function firstDifference(one: ListColumn, other: ListColumn): number | null {
  const length = Math.min(one.length, other.length)
  for (let parent = 0; parent < length; parent++)
    if (one.offsets[parent + 1] !== other.offsets[parent + 1] || one.nulls[parent] !== other.nulls[parent])
      return parent
  return one.length === other.length ? null : length
}

/** The row of a slot, by the lists it is in, outermost first. */
function rowOf(slot: number, lists: readonly ListColumn[]): number {
  let at = slot
  for (const { offsets, length } of lists.toReversed()) {
    let parent = 0
    while (parent < length && offsets[parent + 1]! <= at) parent++
    at = parent
  }
  return at
}

/** The list with nothing in it from `parent` on. */
function cutOff({ offsets, nulls, length }: ListColumn, parent: number): ListColumn {
  return {
    offsets: offsets.map((offset, at) => (at <= parent ? offset : offsets[parent]!)),
    nulls: nulls.map((isNull, at) => (at < parent ? isNull : 1)),
    length,
  }
}

function fillMissing(
  schema: Struct,
  rows: number,
  texts: Map<string, TextColumn>,
  numbers: Map<string, NumberColumn>,
  lists: Map<string, ListColumn>,
): void {
  for (const { path, leaf, lists: around } of leafPaths(schema)) {
    let slots = rows
    for (const list of around) {
      const column = lists.get(list) ?? {
        offsets: new Int32Array(slots + 1),
        nulls: new Uint8Array(slots).fill(1),
        length: slots,
      }
      lists.set(list, column)
      slots = column.offsets[column.length]!
    }
    if (leaf.kind === 'string') {
      if (!texts.has(path)) texts.set(path, { refs: new Uint32Array(2 * slots), length: slots })
    } else if (!numbers.has(path)) {
      const nulls = new Uint8Array(slots).fill(1)
      numbers.set(path, {
        values: new Float64Array(slots),
        nulls,
        length: slots,
        boolean: leaf.kind === 'boolean',
      })
    }
  }
}
