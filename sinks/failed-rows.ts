import { z } from 'zod'
import { defineSink } from '../pipeline/graph/write.ts'
import { AtomicFile, publishAll } from './atomic-file.ts'

const options = z.strictObject({
  directory: z.string().default('failed'),
  prefix: z.string().default('failed'),
})

/** Rows that could not be read or measured, as JSON Lines: where each is, and why. No file when there are none. */
export const writeFailedRows = defineSink({
  module: import.meta.url,
  name: 'writeFailedRows',
  options,
  columns: () => ['source_file', 'source_row', 'source_revision', 'step', 'error_field', 'error'],
  open({ directory, prefix }, context) {
    let file: AtomicFile | null = null
    return {
      async write(bundle) {
        if (bundle.rows === 0) return
        file ??= await AtomicFile.open(context, `${directory}/${prefix}-00000.jsonl`)
        const lines = bundle.objects().map(({ error_field, error, ...where }) => {
          return `${JSON.stringify({ ...where, field: error_field, error })}\n`
        })
        await file.append(Buffer.from(lines.join('')), bundle.rows)
      },
      commit: () => publishAll(file ? [file] : []),
      async abort() {
        await file?.remove()
      },
    }
  },
})
