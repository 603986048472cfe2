import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { z } from 'zod'
import type { Receipt } from '../../pipeline/graph/sink.ts'
import type { SinkFactory } from '../../pipeline/graph/write.ts'
import { lendBundles } from '../../pipeline/testing/sink-bundles.ts'

/** A new directory that is gone after the test. */
export async function temporaryDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sluice-'))
  context.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Writes rows through a sink in bundles of the given sizes; as one bundle unless told. */
export async function writeRows<In, Schema extends z.ZodType>(
  { definition }: SinkFactory<In, Schema>,
  directory: string,
  options: z.input<Schema>,
  rows: readonly In[],
  sizes: readonly number[] = [rows.length],
): Promise<readonly Receipt[]> {
  const parsed = definition.options.parse(options) as z.output<Schema>
  const signal = new AbortController().signal
  const writer = await definition.open(parsed, { sink: definition.name, directory, signal })
  try {
    for (const { bundle } of await lendBundles(definition, parsed, rows, sizes)) await writer.write(bundle)
  } catch (error) {
    await writer.abort(error)
    throw error
  }
  return writer.commit()
}
