import type { RowBatchContent, RowFailure } from '../../pipeline/batch/batch.ts'
import type { Memory } from '../../pipeline/batch/memory.ts'
import type { Struct } from '../../pipeline/batch/schema.ts'
import { TextArena } from '../../pipeline/batch/text-arena.ts'
import { SourceError } from '../../pipeline/errors.ts'
import { parseExactly } from './exact-json.ts'
import {
  ExactnessNeeded,
  FieldError,
  type FieldWriter,
  fieldWriter,
  type WrittenColumns,
} from './field-writer.ts'
import { type Line, type LineStart, MAX_LINE_BYTES, readLines } from './lines.ts'
import { type LinesFile, openBytes } from './open-bytes.ts'

/** Text of one batch, in bytes, unless a single line has more. */
const BATCH_BYTES = 8 << 20
const MAX_BATCH_ROWS = 64

export interface LineReaderOptions {
  readonly lines: LinesFile
  /** commit of the dataset; null for local files */
  readonly revision: string | null
  readonly memory: Memory
  /** the fields that are wanted, by the reader's names */
  readonly schema: Struct
}

/**
 * Reads rows of a file of JSON lines as columns. Reading goes on where it stopped; other rows are sought by
 * their byte offset in a plain file, and from the start in a compressed one. A line that is not the JSON of a
 * row is a failed row.
 *
 * Texts are kept as UTF-8: bytes that are not UTF-8 and escaped lone surrogates become U+FFFD. Where a field
 * that should hold a JSON text holds the value itself, it is written as JSON, its numbers as they were.
 */
export class LineReader {
  readonly #options: LineReaderOptions
  #lines: AsyncGenerator<Line> | null = null
  /** the row that the next line is */
  #next = 0

  constructor(options: LineReaderOptions) {
    this.#options = options
  }

  /** Contents of batches that hold `rows` rows from `firstRow`, which starts at `start`. */
  async *read(
    firstRow: number,
    rows: number,
    start: LineStart | null,
    signal: AbortSignal,
  ): AsyncGenerator<RowBatchContent> {
    const {
      lines: { file },
      revision,
    } = this.#options
    const end = firstRow + rows
    await this.#seek(firstRow, start)
    for (let row = firstRow; row < end; ) {
      const lines: Line[] = []
      let bytes = 0
      while (row + lines.length < end && lines.length < MAX_BATCH_ROWS && bytes < BATCH_BYTES) {
        signal.throwIfAborted()
        const line = await this.#line()
        lines.push(line)
        bytes += line.bytes?.length ?? 0
      }
      yield this.#content(lines, bytes, { file, revision, firstRow: row })
      row += lines.length
    }
  }

  async close(): Promise<void> {
    await this.#lines?.return(undefined)
    this.#lines = null
  }

  async #seek(row: number, start: LineStart | null): Promise<void> {
    if (this.#lines && row === this.#next) return
    const { lines } = this.#options
    const direct = lines.compression === 'none' && start !== null
    if (!this.#lines || row < this.#next || direct) {
      await this.close()
      const from = direct ? start : { number: 1, at: 0 }
      this.#lines = readLines(openBytes(lines, from.at), from, true)
      this.#next = direct ? row : 0
    }
    while (this.#next < row) await this.#line()
  }

  async #line(): Promise<Line> {
    const { file } = this.#options.lines
    const lines = this.#lines!
    // Should it throw, the bundle may be tried again, from a new start.
    this.#lines = null
    const { value, done } = await lines.next()
    this.#lines = lines
    if (done)
      throw new SourceError(`${file} has ${this.#next} rows, fewer than when the run was planned`, {
        where: { file },
      })
    this.#next++
    return value
  }

  #content(lines: readonly Line[], bytes: number, origin: RowBatchContent['origin']): RowBatchContent {
    const arena = new TextArena(this.#options.memory, bytes)
    const writer = fieldWriter(this.#options.schema, '', arena)
    const failures: RowFailure[] = []
    lines.forEach((line, row) => {
      writer.keep()
      try {
        writeRow(line, writer)
      } catch (error) {
        if (!(error instanceof FieldError)) throw error
        writer.undo()
        writer.write(null, false)
        failures.push({ row, field: error.field, message: `line ${line.number}: ${error.message}` })
      }
    })
    const columns: WrittenColumns = { texts: new Map(), numbers: new Map(), lists: new Map() }
    writer.finish(columns)
    return { length: lines.length, origin, columns, failures, release: () => arena.release() }
  }
}

function writeRow({ bytes, length }: Line, writer: FieldWriter): void {
  if (!bytes)
    throw new FieldError('', `it has ${length} bytes, more than the ${MAX_LINE_BYTES} that can be read`)
  const text = bytes.toString('utf8')
  try {
    writer.write(parse(text), false)
  } catch (error) {
    if (!(error instanceof ExactnessNeeded)) throw error
    writer.undo()
    try {
      writer.write(parseExactly(text), true)
    } catch (cause) {
      if (cause instanceof RangeError)
        throw new FieldError('', `its values are nested too deep: ${cause.message}`)
      throw cause
    }
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null) throw new FieldError('', 'an object is expected, found null')
    return value
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new FieldError('', `it is not JSON: ${cause.message.slice(0, 200)}`)
    throw cause
  }
}
