import { deserialize, serialize } from 'node:v8'
import type { ShreddedLeaf } from '../../pipeline/shred/shredded-leaf.ts'
import type { COMPRESSIONS } from '../compression.ts'
import { entriesByLeaf } from './leaf-entries.ts'
import { encodePages, type LeafPages } from './leaf-pages.ts'

/** A bundle's shredded rows as pages of every leaf, in one piece for the way to the committer. */
export function packPages(
  segment: Uint8Array,
  leaves: readonly ShreddedLeaf[],
  compression: (typeof COMPRESSIONS)[number],
): Uint8Array {
  const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.length)
  const entries = entriesByLeaf(bytes, leaves)
  return serialize(entries.map((each, leaf) => encodePages(each, leaves[leaf]!, compression)))
}

/** The pages by leaf, in bytes of their own. */
export function unpackPages(segment: Uint8Array): readonly LeafPages[] {
  // What is deserialized lies in the bytes that it came from.
  return deserialize(Uint8Array.from(segment)) as readonly LeafPages[]
}
