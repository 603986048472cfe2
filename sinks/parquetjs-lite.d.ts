/** The part of parquetjs-lite that Sluice uses; the package has no types of its own. */
declare module 'parquetjs-lite' {
  interface FieldDefinition {
    type: 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'UTF8'
    optional?: boolean
    compression?: 'UNCOMPRESSED' | 'GZIP' | 'SNAPPY'
    statistics?: boolean
  }

  interface WriterOptions {
    /** rows of a row group */
    rowGroupSize?: number
    /** rows of a page */
    pageSize?: number
  }

  class ParquetSchema {
    constructor(fields: Record<string, FieldDefinition>)
  }

  /** Calls `write` with the file's bytes in order, not always waiting for the promise; `close` at the end. */
  class ParquetEnvelopeWriter {
    constructor(
      schema: ParquetSchema,
      write: (bytes: Uint8Array) => Promise<void>,
      close: () => Promise<void>,
      fileOffset: number,
      options: WriterOptions,
    )
  }

  /** Rejects with strings as well as with errors. */
  class ParquetWriter {
    constructor(schema: ParquetSchema, envelope: ParquetEnvelopeWriter, options: WriterOptions)
    appendRow(row: Record<string, unknown>): Promise<void>
    close(): Promise<void>
    setMetadata(key: string, value: string): void
  }

  /** a CommonJS module: its exports are the members of one object */
  const parquetjs: {
    readonly ParquetSchema: typeof ParquetSchema
    readonly ParquetEnvelopeWriter: typeof ParquetEnvelopeWriter
    readonly ParquetWriter: typeof ParquetWriter
  }
  export default parquetjs
  export type { ParquetWriter }
}
