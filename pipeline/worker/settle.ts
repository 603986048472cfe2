import type { Cell } from '../batch/columns.ts'
import type { Refusal } from '../batch/outcome.ts'
import type { Selection } from '../graph/selection.ts'
import type { BundleParts, Encoded, Part } from './bundle-result.ts'
import { partsOf } from './packed-parts.ts'

/** A selection that has chosen. */
export interface Chosen {
  /** name of the selection's step */
  readonly step: string
  readonly selection: Selection<unknown, unknown>
  readonly choice: unknown
}

/** Applies the choice to what a bundle has waiting: refused rows leave the kept ones, and the record says why. */
export function settle(bundle: BundleParts, chosen: Chosen): readonly Part[] {
  const verdicts = judgeCandidates(bundle, chosen)
  return partsOf(bundle.parts).map((part) => (part.selected ? settlePart(part, verdicts, chosen.step) : part))
}

/** The selection's answer by source row; rows that are not candidates have none. */
function judgeCandidates(
  { selection: part }: BundleParts,
  { selection, choice }: Chosen,
): ReadonlyMap<number | null, Refusal | null> {
  const verdicts = new Map<number | null, Refusal | null>()
  if (!part) return verdicts
  for (let at = 0; at < part.sourceRows.length; at++) {
    const row = Object.fromEntries(Object.entries(part.columns).map(([name, cells]) => [name, cells[at]!]))
    verdicts.set(part.sourceRows[at]!, selection.judge(choice, row))
  }
  return verdicts
}

function settlePart(part: Part, verdicts: ReadonlyMap<number | null, Refusal | null>, step: string): Part {
  const columns = Object.fromEntries(
    Object.entries(part.columns).map(([name, cells]) => [name, cells.slice()]),
  )
  const stays: number[] = []
  for (let at = 0; at < part.sourceRows.length; at++) {
    const refusal = verdicts.get(part.sourceRows[at]!)
    if (part.view === 'kept' && refusal) continue
    if (part.view === 'dropped' && refusal === null) continue
    if (refusal) record(columns, at, { verdict: 'dropped', step, ...refusal })
    stays.push(at)
  }
  return { ...part, ...pickRows(part, columns, stays), selected: false }
}

function record(columns: Record<string, Cell[]>, at: number, values: Readonly<Record<string, Cell>>): void {
  for (const [name, value] of Object.entries(values)) {
    const column = columns[name]
    if (column) column[at] = value
  }
}

function pickRows(
  part: Part,
  columns: Readonly<Record<string, readonly Cell[]>>,
  rows: readonly number[],
): Pick<Part, 'sourceRows' | 'columns' | 'encoded'> {
  const pick = <T>(cells: readonly T[]) => rows.map((at) => cells[at]!)
  return {
    sourceRows: pick(part.sourceRows),
    columns: Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, pick(cells)])),
    encoded: part.encoded && pickBytes(part.encoded, rows),
  }
}

function pickBytes({ bytes, ends }: Encoded, rows: readonly number[]): Encoded {
  const start = (at: number) => (at === 0 ? 0 : ends[at - 1]!)
  const picked = new Uint8Array(rows.reduce((sum, at) => sum + ends[at]! - start(at), 0))
  const pickedEnds = new Float64Array(rows.length)
  let length = 0
  rows.forEach((at, index) => {
    picked.set(bytes.subarray(start(at), ends[at]), length)
    length += ends[at]! - start(at)
    pickedEnds[index] = length
  })
  return { bytes: picked, ends: pickedEnds }
}
