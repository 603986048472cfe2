import { type FileMetaData as Footer, parquetMetadata } from 'hyparquet'
import { SluiceError, SourceError } from '../../pipeline/errors.ts'
import type { ByteSource } from './byte-source.ts'
import { CompactReader } from './compact-protocol.ts'
import { type Codec, isSupported } from './decompress.ts'
import { type GroupNode, type PrimitiveNode, schemaTree } from './schema-tree.ts'

export interface FileMetadata {
  readonly file: string
  readonly rows: number
  readonly schema: GroupNode
  /** leaves of the schema; a column chunk's position in its row group is its leaf's */
  readonly columns: readonly PrimitiveNode[]
  readonly rowGroups: readonly RowGroup[]
}

export interface RowGroup {
  /** position in the file of its first row */
  readonly firstRow: number
  readonly rows: number
  /** of all its columns, as the writer says */
  readonly uncompressedBytes: number
  readonly chunks: readonly ColumnChunk[]
}

/** The pages of one leaf in one row group. Start and end lie inside the file. */
export interface ColumnChunk {
  readonly start: number
  readonly end: number
  readonly codec: Codec
  /** entries, nulls and empty lists included */
  readonly values: number
  readonly uncompressedBytes: number
  /** where the writer says which rows its pages have */
  readonly offsetIndex: ByteRange | null
  /** where the writer says what its pages hold */
  readonly columnIndex: ByteRange | null
}

/** Bytes inside the file. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

const MAGIC = 'PAR1'
const TAIL_BYTES = 8
const FIRST_READ = 64 << 10
const MAX_FOOTER = 256 << 20
/** For a page an offset index has some 15 bytes, a column index some 15 and the least and the greatest value. */
const MAX_INDEX = 16 << 20
/**
 * Rows that a byte of a row group can stand for. Columns of one repeated value take next to nothing, so a real
 * row group can have more rows than bytes, but not without end.
 */
const MAX_ROWS_A_BYTE = 64

/**
 * Reads a Parquet footer: one read for most files. Throws SourceError, naming the file and what to do, when the
 * file is no Parquet file, is cut off, says of itself what can't be, or has a codec that is not supported.
 */
export async function readMetadata(source: ByteSource, file: string): Promise<FileMetadata> {
  const read = async (offset: number, length: number): Promise<Buffer> => source.read(offset, length)
  try {
    return await readFooter({ size: source.size, read }, file)
  } catch (error) {
    // What came damaged from far away may come whole the next time.
    if (!source.again || !(error instanceof SourceError)) throw error
    const again = (offset: number, length: number) => source.again!(offset, length)
    return readFooter({ size: source.size, read: again }, file)
  }
}

async function readFooter(source: Pick<ByteSource, 'size' | 'read'>, file: string): Promise<FileMetadata> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new SourceError(`${file} can't be read as Parquet: ${why}`, { where: { file }, cause })
  }
  if (source.size < MAGIC.length + TAIL_BYTES) return refuse(`it has only ${source.size} bytes`)
  const first = await source.read(Math.max(0, source.size - FIRST_READ), Math.min(source.size, FIRST_READ))
  const magic = first.toString('latin1', first.length - MAGIC.length)
  if (magic === 'PARE') return refuse('its footer is encrypted. Give a file without encryption')
  if (magic !== MAGIC)
    return refuse(`it does not end with ${MAGIC}. The file is cut off or still being written: fetch it again`)
  const length = first.readUInt32LE(first.length - TAIL_BYTES)
  if (length > MAX_FOOTER || length > source.size - TAIL_BYTES - MAGIC.length)
    return refuse(`it declares a footer of ${length} bytes in a file of ${source.size}. Fetch it again`)
  const whole = length + TAIL_BYTES
  const footer =
    whole <= first.length
      ? first.subarray(first.length - whole)
      : await source.read(source.size - whole, whole)
  try {
    // One linear walk first: the parser behind it takes declared sizes at their word.
    new CompactReader(footer, 0, length).skip(12)
    const described = parquetMetadata(footer, { geoparquet: false })
    checkCodecs(described, file)
    return describe(described, source.size, file)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    return refuse(
      `its footer is damaged (${(cause as Error).message || 'it ends early'}). Fetch it again`,
      cause,
    )
  }
}

/** A row for a row would fail otherwise. */
function checkCodecs({ row_groups }: Footer, file: string): void {
  for (const { columns } of row_groups)
    for (const { meta_data } of columns)
      if (meta_data && !isSupported(meta_data.codec))
        throw new SourceError(
          `${file} can't be read: its column ${meta_data.path_in_schema.join('.')} is compressed with ` +
            `${meta_data.codec ?? 'an unknown codec'}, which is not supported. Write it with Zstd or Snappy`,
          { where: { file } },
        )
}

function describe(footer: Footer, fileSize: number, file: string): FileMetadata {
  const { root, columns } = schemaTree(footer.schema)
  const rowGroups: RowGroup[] = []
  let firstRow = 0
  for (const group of footer.row_groups) {
    if (group.columns.length !== columns.length)
      throw new Error(
        `a row group has ${group.columns.length} columns where the schema has ${columns.length}`,
      )
    const rows = size(group.num_rows, 'number of rows')
    const chunks = group.columns.map((chunk, at) => columnChunk(chunk, columns[at]!, rows, fileSize))
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.end - chunk.start, 0)
    if (rows > bytes * MAX_ROWS_A_BYTE) throw new Error(`a row group declares ${rows} rows in ${bytes} bytes`)
    const uncompressedBytes = chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0)
    rowGroups.push({ firstRow, rows, uncompressedBytes, chunks })
    firstRow += rows
  }
  return { file, rows: firstRow, schema: root, columns, rowGroups }
}

type Chunk = Footer['row_groups'][number]['columns'][number]

function columnChunk(chunk: Chunk, column: PrimitiveNode, rows: number, fileSize: number): ColumnChunk {
  const name = column.path.join('.')
  const meta = chunk.meta_data
  if (!meta) throw new Error(`column ${name} is encrypted`)
  if (chunk.file_path) throw new Error(`column ${name} is in another file`)
  if (meta.path_in_schema.join('.') !== name || meta.type !== column.type)
    throw new Error(`column ${name} is described as ${meta.path_in_schema.join('.')}, ${meta.type}`)
  const data = size(meta.data_page_offset, `offset of ${name}`)
  // Some writers put 0 here for "none".
  const dictionary = size(meta.dictionary_page_offset ?? 0n, `offset of ${name}`)
  const start = dictionary > 0 && dictionary < data ? dictionary : data
  const end = start + size(meta.total_compressed_size, `size of ${name}`)
  // A chunk without rows may be nowhere.
  if (rows > 0 && (start < MAGIC.length || end > fileSize - TAIL_BYTES))
    throw new Error(`column ${name} lies at bytes ${start} to ${end} of ${fileSize}`)
  const values = size(meta.num_values, `number of values of ${name}`)
  if (column.maxRepetition === 0 ? values !== rows : values < rows)
    throw new Error(`column ${name} has ${values} values for ${rows} rows`)
  return {
    start,
    end,
    // checked before
    codec: meta.codec as Codec,
    values,
    uncompressedBytes: size(meta.total_uncompressed_size, `size of ${name}`),
    offsetIndex: indexRange(chunk.offset_index_offset, chunk.offset_index_length, fileSize),
    columnIndex: indexRange(chunk.column_index_offset, chunk.column_index_length, fileSize),
  }
}

/** Null for one that can't be: rows are found without an index. */
function indexRange(at: bigint | undefined, bytes: number | undefined, fileSize: number): ByteRange | null {
  const offset = Number(at ?? 0)
  const length = Number(bytes ?? 0)
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) return null
  const isThere = offset >= MAGIC.length && length > 0 && length <= MAX_INDEX
  return isThere && offset + length <= fileSize - TAIL_BYTES ? { offset, length } : null
}

function size(value: bigint | number, what: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`the ${what} is ${value}`)
  return number
}
