import { decodeHybrid } from './hybrid.ts'
import { PageError } from './page-error.ts'
import type { PageValues } from './page-values.ts'

/**
 * Values given as positions in the chunk's dictionary (parquet-format, Encodings.md, RLE_DICTIONARY = 8): a byte
 * with the width of the positions, then the positions. Texts go on referring to the dictionary's page.
 */
export function lookUp(
  dictionary: PageValues,
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
): PageValues {
  const positions = new Uint32Array(count)
  if (count > 0) {
    if (at >= end) throw new PageError('the page ends before its dictionary positions')
    decodeHybrid(bytes, at + 1, end, bytes[at]!, positions, count)
  }
  const size = dictionary.kind === 'text' ? dictionary.refs.length / 2 : dictionary.values.length
  for (let i = 0; i < count; i++)
    if (positions[i]! >= size) throw new PageError(`position ${positions[i]} in a dictionary of ${size}`)

  if (dictionary.kind === 'text') {
    const refs = new Uint32Array(2 * count)
    let textBytes = 0
    for (let i = 0; i < count; i++) {
      refs[2 * i] = dictionary.refs[2 * positions[i]!]!
      const length = dictionary.refs[2 * positions[i]! + 1]!
      refs[2 * i + 1] = length
      textBytes += length
    }
    return { kind: 'text', refs, textBytes, storage: dictionary.storage.retain() }
  }
  const values = Float64Array.from(positions, (position) => dictionary.values[position]!)
  const faults = dictionary.faults && faultsOf(dictionary.faults, positions)
  return { kind: 'number', values, faults }
}

function faultsOf(faults: ReadonlyMap<number, string>, positions: Uint32Array): Map<number, string> | null {
  const found = new Map<number, string>()
  positions.forEach((position, i) => {
    const fault = faults.get(position)
    if (fault !== undefined) found.set(i, fault)
  })
  return found.size > 0 ? found : null
}
