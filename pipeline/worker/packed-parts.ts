import { deserialize, serialize } from 'node:v8'
import type { Cell } from '../batch/columns.ts'
import type { Encoded, Part } from './bundle-result.ts'

/**
 * Parts on their way from a worker to the committer. Packed, their columns are one buffer that changes threads without
 * being copied: the main thread, which every bundle passes through, has nothing to do with its contents.
 */
export interface PackedParts {
  readonly columns: Uint8Array<ArrayBuffer>
  readonly encoded: readonly (Encoded | null)[]
}

export type Parts = readonly Part[] | PackedParts

/** A column of numbers with nulls, as V8 writes it in one piece; any other column is the array that it was. */
type PackedColumn = readonly Cell[] | { readonly numbers: Float64Array; readonly nulls: Uint8Array | null }

type PackedPart = Omit<Part, 'columns' | 'encoded'> & {
  readonly columns: Readonly<Record<string, PackedColumn>>
}

export function packParts(parts: readonly Part[]): PackedParts {
  const packed = parts.map(({ encoded, columns, ...part }) => ({
    ...part,
    columns: mapValues(columns, pack),
  }))
  return { columns: Uint8Array.from(serialize(packed)), encoded: parts.map(({ encoded }) => encoded) }
}

/** The parts, whether or not they were packed. */
export function partsOf(parts: Parts): readonly Part[] {
  if (!('encoded' in parts)) return parts
  const packed = deserialize(parts.columns) as readonly PackedPart[]
  return packed.map((part, at) => ({
    ...part,
    columns: mapValues(part.columns, unpack),
    encoded: parts.encoded[at]!,
  }))
}

/** The buffers that can change threads without being copied. */
export function buffersOf(parts: Parts): ArrayBuffer[] {
  if (!('encoded' in parts)) return parts.flatMap(({ encoded }) => (encoded ? [encoded.bytes.buffer] : []))
  return [
    parts.columns.buffer,
    ...parts.encoded.flatMap((encoded) => (encoded ? [encoded.bytes.buffer] : [])),
  ]
}

function pack(cells: readonly Cell[]): PackedColumn {
  let hasNulls = false
  for (const cell of cells)
    if (cell === null) hasNulls = true
    else if (typeof cell !== 'number') return cells
  return {
    numbers: Float64Array.from(cells as readonly (number | null)[], (cell) => cell ?? 0),
    nulls: hasNulls ? Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0)) : null,
  }
}

function unpack(column: PackedColumn): readonly Cell[] {
  if (!('numbers' in column)) return column
  const { numbers, nulls } = column
  return nulls ? Array.from(numbers, (number, at) => (nulls[at] === 1 ? null : number)) : Array.from(numbers)
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}
