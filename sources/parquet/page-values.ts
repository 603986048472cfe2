import type { SharedBlock } from './shared-block.ts'

/** The values of a page or a dictionary, nulls left out. */
export type PageValues = TextValues | NumberValues

export interface TextValues {
  readonly kind: 'text'
  /** address and length in bytes of each, as in a TextColumn */
  readonly refs: Uint32Array
  /** bytes of them all, each as often as it occurs */
  readonly textBytes: number
  /** what the addresses point into */
  readonly storage: SharedBlock
}

export interface NumberValues {
  readonly kind: 'number'
  readonly values: Float64Array
  /** by position, what is wrong with values that a number can't hold */
  readonly faults: ReadonlyMap<number, string> | null
}

/** Takes 64-bit integers over as numbers. Those past 2^53 would lose digits in silence: they are faults. */
export function safeNumbers(integers: BigInt64Array | BigUint64Array): NumberValues {
  const values = new Float64Array(integers.length)
  let faults: Map<number, string> | null = null
  for (let i = 0; i < integers.length; i++) {
    const value = Number(integers[i])
    values[i] = value
    if (Number.isSafeInteger(value)) continue
    faults ??= new Map()
    faults.set(i, `${integers[i]} is too large for a number`)
  }
  return { kind: 'number', values, faults }
}

/** Lets go of what the values are kept in. */
export function releaseValues(values: PageValues): void {
  if (values.kind === 'text') values.storage.release()
}
