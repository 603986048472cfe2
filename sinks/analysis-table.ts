import { z } from 'zod'
import { defineSink } from '../pipeline/graph/write.ts'
import { PARQUET_COMPRESSIONS, TableFile } from './parquet/table-file.ts'
import { tableColumns } from './table-column.ts'

const options = z.strictObject({
  columns: tableColumns,
  directory: z.string().default('analysis'),
  prefix: z.string().default('trajectories'),
  compression: z.enum(PARQUET_COMPRESSIONS).default('zstd'),
})

/**
 * The rows' columns as a Parquet table, for people and notebooks. Without rows it is a table of no rows: the
 * columns are still there to be read.
 */
export const writeAnalysisTable = defineSink({
  module: import.meta.url,
  name: 'writeAnalysisTable',
  options,
  columns: ({ columns }) => Object.keys(columns),
  async open({ columns, directory, prefix, compression }, context) {
    const path = `${directory}/${prefix}-00000.parquet`
    const file = await TableFile.open(context, { path, columns, compression })
    return {
      write: (bundle) => file.append(bundle.rows, (name) => bundle.column(name)),
      commit: () => file.commit(),
      abort: () => file.abort(),
    }
  },
})
