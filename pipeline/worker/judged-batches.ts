import { type Batch, RowBatch } from '../batch/batch.ts'

/** Batches that are judged before the first of them is loaded: bounds of what is held of their early leaves. */
const TOGETHER_ROWS = 1024
const TOGETHER_BYTES = 8 << 20

/**
 * A bundle's batches in order, each judged by the early filters. Many are judged before the first is given, so that
 * the source knows of which rows it will read the rest. A batch is released when the next one is asked for.
 */
export async function* judgedBatches(
  next: () => Promise<IteratorResult<Batch>>,
  judge: (batch: Batch) => Promise<void>,
): AsyncGenerator<Batch> {
  for (let ended = false; !ended; ) {
    const batches: Batch[] = []
    try {
      let rows = 0
      let bytes = 0
      while (rows < TOGETHER_ROWS && bytes < TOGETHER_BYTES) {
        const { done, value } = await next()
        ended = done ?? false
        if (ended) break
        batches.push(value)
        await judge(value)
        if (!(value instanceof RowBatch)) break
        // Nothing is left to read of it.
        if (!value.judged()) break
        rows += value.length
        bytes += value.bytesOf(['*'])
      }
      for (const batch of batches) {
        yield batch
        release(batch)
      }
    } finally {
      for (const batch of batches) release(batch)
    }
  }
}

function release(batch: Batch): void {
  if (batch instanceof RowBatch) batch.release()
}
