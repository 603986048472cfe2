import type { MessagePort } from 'node:worker_threads'
import type { z } from 'zod'
import type { Batch } from '../batch/batch.ts'
import type { Memory } from '../batch/memory.ts'
import type { RowLayout } from '../batch/row.ts'
import type { Struct } from '../batch/schema.ts'
import type { Ref } from './ref.ts'
import type { TrafficByFile } from './traffic.ts'

/**
 * A row range of one file: the unit of scheduling, retry, commit, progress and lineage. Its bounds depend on the
 * file and the recipe alone. Plain data.
 */
export interface Bundle {
  /** position in the plan, from 0: the order of all output */
  readonly index: number
  /** path or URI as the user would write it */
  readonly file: string
  /** commit of the dataset; null for local files */
  readonly revision: string | null
  readonly firstRow: number
  readonly rows: number
  /** estimated uncompressed bytes */
  readonly bytes: number
}

/** A file that the source reads, for the manifest. */
export interface SourceFile {
  readonly file: string
  readonly rows: number
  /** size on disk or on the wire */
  readonly bytes: number
  readonly format: 'parquet' | 'jsonl'
  /** of its bytes, those of columns that no step reads; absent where all of a row is read */
  readonly unreadBytes?: number
  /** for a file whose name is not its path: what its publisher says of it, and where a copy is on disk */
  readonly published?: {
    readonly sha256: string | null
    /** the id of its blob, where git keeps the file itself */
    readonly gitSha1: string | null
    readonly onDisk: string | null
  }
  /** where a copy is for the time of the run, whose bytes were held against what was published before they are read */
  readonly spooled?: string
}

export interface SourcePlan {
  readonly bundles: readonly Bundle[]
  readonly files: readonly SourceFile[]
  /** files that were passed over, and why */
  readonly ignored: readonly { readonly file: string; readonly why: string }[]
}

/** What a run wants of a source. */
export interface PlanRequest {
  /** rows in all; null for all there are */
  readonly limit: number | null
  readonly layout: RowLayout
  /** a folder for copies of files that can't be read where they are; it need not exist, and is gone after the run */
  readonly spool: string
  readonly signal: AbortSignal
}

/** What a stage wants of a bundle. */
export interface ReadRequest {
  readonly memory: Memory
  readonly layout: RowLayout
  /**
   * Leaves that filters look at before anything else is read. The source fills these first and leaves the others
   * to `RowBatch.load()`; it may be asked for more batches before those it gave are loaded, in their order. Empty:
   * everything is read at once.
   */
  readonly early: readonly string[]
}

/** What a source that reads can do beyond its thread. */
export interface SourceContext {
  /** A port to the source that planned, whose `serve` has its other end. Not before the source is open. */
  connect(): MessagePort
}

/**
 * Where elements come from. `plan` runs once, on the main thread; `read` runs in a worker, on a source that was
 * opened there with the same options, one bundle at a time. Consecutive bundles of a file often follow each
 * other, so a source may keep its place between them.
 */
export interface Source<T> {
  /** Bundles in a fixed order. */
  plan(options: PlanRequest): Promise<SourcePlan>
  /**
   * The bundle's rows in order, in batches bounded by bytes, not rows. A batch is valid until the caller releases it.
   * Rows that can't be read come as failed rows.
   */
  read(bundle: Bundle, request: ReadRequest, signal: AbortSignal): AsyncIterable<Batch<T>>
  /**
   * Speaks by a port with a source that reads in one of `threads` threads and has called `connect`; on the source that
   * planned, whose process stays for as long as the run does.
   */
  serve?(port: MessagePort, threads: number, signal: AbortSignal): void
  /** What this source asked of a network since the last call. */
  takeTraffic?(): TrafficByFile
  close(): Promise<void>
}

export interface SourceDefinition<T, Schema extends z.ZodType> {
  /** `import.meta.url` of the module that exports the definition under `name` */
  readonly module: string
  readonly name: string
  readonly options: Schema
  /** the rows' schema, which projection narrows; null for sources of plain values */
  readonly schema: Struct | null
  /** `context` is there where it reads; not where it plans */
  open(options: z.output<Schema>, context?: SourceContext): Source<T>
}

/** What the graph keeps of a source. */
export interface ReadOperation {
  readonly kind: 'read'
  readonly ref: Ref
  readonly schema: Struct | null
  open(): Source<unknown>
}
