/**
 * A text leaf over the slots of a batch: one slot a row, or one an element for leaves inside lists.
 * Slot i is `refs[2i]` (address in the batch's memory, 0 = null) and `refs[2i + 1]` (length in bytes).
 */
export interface TextColumn {
  refs: Uint32Array
  length: number
}

/** A number or boolean leaf over the slots of a batch; booleans are 0 and 1. */
export interface NumberColumn {
  values: Float64Array
  /** 1 where the slot is null */
  nulls: Uint8Array
  length: number
  readonly boolean: boolean
}

/** A list over its parent slots: elements of parent p are slots offsets[p] to offsets[p + 1]. */
export interface ListColumn {
  offsets: Int32Array
  /** 1 where the list itself is null, which is not the same as empty */
  nulls: Uint8Array
  /** parent slots */
  length: number
}

/** Columns that steps add, one value a row. */
export type ColumnType = 'int32' | 'int64' | 'double' | 'boolean' | 'string'

/** A documented column, as it appears in tables that people read. */
export interface ColumnSpec {
  readonly type: ColumnType
  /** what is counted or measured: `tokens`, `lines`, `bits`; empty for labels and flags */
  readonly unit: string
  readonly doc: string
}

/** One value a row. Null where nothing could be measured. */
export type Cell = number | string | boolean | null
