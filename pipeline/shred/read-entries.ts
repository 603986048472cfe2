import type { ShreddedLeaf } from './shredded-leaf.ts'

const ENTRY_BYTES = 3
const SIZE_BYTES = 4
const NUMBER_BYTES = 8

/** Called for each entry; its value, if it has one, is bytes `start` to `end`. */
type Visit = (leaf: number, repetition: number, definition: number, start: number, end: number) => void

/** Goes through the entries that a `Shredder` wrote of records with these leaves. */
export function readEntries(bytes: Buffer, leaves: readonly ShreddedLeaf[], visit: Visit): void {
  for (let at = 0; at < bytes.length; ) {
    const leaf = bytes[at]!
    const definition = bytes[at + 2]!
    const start = at + ENTRY_BYTES
    const { kind, maxDefinition } = leaves[leaf]!
    const end = definition === maxDefinition ? start + sizeAt(bytes, start, kind) : start
    visit(leaf, bytes[at + 1]!, definition, start, end)
    at = end
  }
}

function sizeAt(bytes: Buffer, start: number, kind: ShreddedLeaf['kind']): number {
  switch (kind) {
    case 'string':
      return SIZE_BYTES + bytes.readUInt32LE(start)
    case 'number':
      return NUMBER_BYTES
    case 'boolean':
      return 1
  }
}
