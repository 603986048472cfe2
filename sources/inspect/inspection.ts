import type { SourcePlan } from '../../pipeline/graph/source.ts'
import type { Traffic } from '../../pipeline/graph/traffic.ts'
import type { LabelCount } from '../../transforms/report/count-labels.ts'

/** What files of traces hold, as far as it shows without reading the traces themselves. Plain data. */
export interface Inspection {
  /** what was asked for */
  readonly from: readonly string[]
  /** datasets of the Hub, each at the commit that its revision stood for */
  readonly datasets: readonly DatasetCommit[]
  readonly total: Amount & RowTally
  /** by folder, in the order of reading */
  readonly leaves: readonly Leaf[]
  /** files of one schema together, in the order of reading */
  readonly shapes: readonly Shape[]
  readonly files: readonly FileFacts[]
  /** files that a run would pass over */
  readonly ignored: SourcePlan['ignored']
  /** files that a run would stop at */
  readonly damaged: readonly DamagedFile[]
  /** files behind those that were to be looked at */
  readonly notLookedAt: number
  /** null where the network was not used */
  readonly traffic: Traffic | null
}

export interface DatasetCommit {
  /** `nvidia/Open-SWE-Traces` */
  readonly repository: string
  readonly commit: string
}

/** How much there is. */
export interface Amount {
  readonly files: number
  /** of the files whose rows are known */
  readonly rows: number
  /** as the files are on disk or on the wire */
  readonly bytes: number
  /** of the files whose rows are known */
  readonly uncompressedBytes: number
}

/** Rows by what their cheap columns say. The labels and `unread` come to all rows. */
export interface RowTally {
  readonly labels: LabelCount
  /**
   * Most rows first, in the names that filters take; null for rows that name none, or none that is known. Names after
   * the first thousand are put together as `(other names)`.
   */
  readonly languages: readonly NamedRows[]
  /** most rows first; null for rows that name none */
  readonly teacherModels: readonly NamedRows[]
  /** rows whose columns were not read, or can't be */
  readonly unread: number
}

export interface NamedRows {
  readonly name: string | null
  readonly rows: number
  /** rows of these whose tests passed */
  readonly passed: number
}

/** A folder of files: a leaf of the dataset. */
export interface Leaf extends Amount, RowTally {
  readonly leaf: string
}

export interface FileFacts {
  readonly file: string
  readonly format: 'parquet' | 'jsonl'
  readonly bytes: number
  /** null where they are not known without reading the whole file */
  readonly rows: number | null
  /** null where it is not known; of JSON lines, the text */
  readonly uncompressedBytes: number | null
  /** as the footer names them; of JSON lines, what the whole file is compressed with */
  readonly codecs: readonly string[]
  /** null for JSON lines, as all that follows */
  readonly rowGroups: number | null
  /** all of its columns have one */
  readonly pageIndex: boolean | null
  /** its pages have them; null also where no page was looked at */
  readonly checksums: boolean | null
  /** position among the shapes; null where it is not known */
  readonly shape: number | null
  /** of the rows that can't be read, the first, and why; null when all can */
  readonly firstFailure: string | null
  /** why its rows, or what they say, were not counted; null when they were */
  readonly notCounted: string | null
}

export interface DamagedFile {
  readonly file: string
  readonly error: string
  /** it was asked for by itself, not found in a folder or by a glob */
  readonly named: boolean
}

/** Where files of one schema have the fields of a trace. */
export interface Shape extends ShapeColumns {
  readonly files: readonly string[]
  /** of the files */
  readonly bytes: number
}

export interface ShapeColumns {
  readonly format: FileFacts['format']
  /** in the order of the schema of traces */
  readonly fields: readonly FoundField[]
  /** fields of the schema that are not there: dotted paths of leaves, or of a whole subtree */
  readonly missing: readonly string[]
  /** fields that are there in a form that can't be read: every row that is asked for one fails */
  readonly mismatches: readonly { readonly field: string; readonly message: string }[]
  /** columns of the files that nothing reads */
  readonly unused: readonly FileColumn[]
}

/** A column of a file, or a whole subtree. */
export interface FileColumn {
  /** dotted path in the file; lists add no part */
  readonly column: string
  /** with a pair of brackets for each list around it: `string[]` */
  readonly type: string
  /** compressed, of all files of the shape; null for JSON lines */
  readonly bytes: number | null
}

/** A leaf of the schema of traces in a file. */
export interface FoundField extends FileColumn {
  /** dotted path in the schema of traces */
  readonly field: string
}
