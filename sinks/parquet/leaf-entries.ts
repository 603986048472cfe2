import { readEntries } from '../../pipeline/shred/read-entries.ts'
import type { ShreddedLeaf } from '../../pipeline/shred/shredded-leaf.ts'

/** The entries of one leaf over a bundle's rows. */
export interface LeafEntries {
  readonly repetition: Uint8Array
  readonly definition: Uint8Array
  /** the values, end to end, in the PLAIN encoding; but of booleans a byte each */
  readonly values: Buffer
  /** where the value of an entry ends in `values`: where it has none, where the one before it ends */
  readonly ends: Uint32Array
}

/** Sorts shredded entries by leaf. */
export function entriesByLeaf(bytes: Buffer, leaves: readonly ShreddedLeaf[]): LeafEntries[] {
  const counts = leaves.map(() => 0)
  const sizes = leaves.map(() => 0)
  readEntries(bytes, leaves, (leaf, _repetition, _definition, start, end) => {
    counts[leaf]!++
    sizes[leaf]! += end - start
  })
  const entries = leaves.map((_, leaf) => ({
    repetition: new Uint8Array(counts[leaf]!),
    definition: new Uint8Array(counts[leaf]!),
    values: Buffer.allocUnsafe(sizes[leaf]!),
    ends: new Uint32Array(counts[leaf]!),
  }))
  counts.fill(0)
  sizes.fill(0)
  readEntries(bytes, leaves, (leaf, repetition, definition, start, end) => {
    const into = entries[leaf]!
    const at = counts[leaf]!++
    bytes.copy(into.values, sizes[leaf]!, start, end)
    sizes[leaf]! += end - start
    into.repetition[at] = repetition
    into.definition[at] = definition
    into.ends[at] = sizes[leaf]!
  })
  return entries
}
